// The limit of checking: one ECDSA P-256 signature of 200 bytes verified by OpenSSL in a loop on one core, its context used anew.
//     verify_limit SECONDS
#include "limit.h"
#include <openssl/evp.h>

int main(int count, char **arguments) {
    if (count != 2) return 2;
    double seconds = atof(arguments[1]);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char message[200] = {1}, signature[80];
    size_t length = sizeof signature;
    if (EVP_DigestSignInit(context, 0, EVP_sha256(), 0, key) != 1 || EVP_DigestSign(context, signature, &length, message, sizeof message) != 1)
        return 1;
    long verified = 0;
    double begin = now();
    while (now() - begin < seconds) {
        EVP_MD_CTX_reset(context);
        if (EVP_DigestVerifyInit(context, 0, EVP_sha256(), 0, key) != 1 ||
            EVP_DigestVerify(context, signature, length, message, sizeof message) != 1)
            return 1;
        verified++;
    }
    printf("%.1f\n", verified / (now() - begin));
}
