// The limit of checking: one signature of 200 bytes verified by OpenSSL in a loop on one core, its context used anew.
// Prints verifications per second with ECDSA P-256, the unit of the figures, and with Ed25519, which people sign with.
//     verify_limit SECONDS
#include "limit.h"
#include <openssl/ec.h>
#include <openssl/evp.h>

static double rate(EVP_PKEY *key, const EVP_MD *digest, double seconds) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char message[200] = {1}, signature[80];
    size_t length = sizeof signature;
    if (EVP_DigestSignInit(context, 0, digest, 0, key) != 1 || EVP_DigestSign(context, signature, &length, message, sizeof message) != 1) exit(1);
    long verified = 0;
    double begin = now();
    while (now() - begin < seconds) {
        EVP_MD_CTX_reset(context);
        if (EVP_DigestVerifyInit(context, 0, digest, 0, key) != 1 ||
            EVP_DigestVerify(context, signature, length, message, sizeof message) != 1)
            exit(1);
        verified++;
    }
    return verified / (now() - begin);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    double seconds = atof(arguments[1]);
    double p256 = rate(EVP_EC_gen("P-256"), EVP_sha256(), seconds);
    printf("p256 %.1f\ned25519 %.1f\n", p256, rate(EVP_PKEY_Q_keygen(0, 0, "ED25519"), 0, seconds));
}
