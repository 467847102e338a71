// The limit of issuing: detached CAdES signatures (ECDSA P-256) of 2 KiB by OpenSSL in a loop on one core.
//     sign_limit SECONDS
#include "limit.h"
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

int main(int count, char **arguments) {
    if (count != 2) return 2;
    double seconds = atof(arguments[1]);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"limit", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    static char document[2048];
    memset(document, 'd', sizeof document);
    long signatures = 0;
    double begin = now();
    unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP;
    while (now() - begin < seconds) {
        BIO *content = BIO_new_mem_buf(document, sizeof document);
        CMS_ContentInfo *signedData = CMS_sign(certificate, key, 0, content, flags);
        unsigned char *der = 0;
        if (!signedData || i2d_CMS_ContentInfo(signedData, &der) <= 0) return 1;
        OPENSSL_free(der);
        CMS_ContentInfo_free(signedData);
        BIO_free(content);
        signatures++;
    }
    printf("%.1f\n", signatures / (now() - begin));
}
