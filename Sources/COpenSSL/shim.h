// Only what the Swift importer cannot see: function-like macros and variadics.
// No logic here. One line per shim, named gem_<macro>.
#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline long gem_BIO_get_mem_data(BIO *bio, char **out) { return BIO_get_mem_data(bio, out); }
static inline void gem_OPENSSL_free(void *memory) { OPENSSL_free(memory); }
static inline EVP_PKEY *gem_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *gem_EVP_PKEY_Q_keygen(const char *type) { return EVP_PKEY_Q_keygen(NULL, NULL, type); }

static inline STACK_OF(X509) *gem_sk_X509_new_null(void) { return sk_X509_new_null(); }
static inline int gem_sk_X509_push(STACK_OF(X509) *stack, X509 *one) { return sk_X509_push(stack, one); }
static inline int gem_sk_X509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *gem_sk_X509_value(const STACK_OF(X509) *stack, int i) { return sk_X509_value(stack, i); }
static inline void gem_sk_X509_pop_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }
static inline int gem_sk_X509_REVOKED_num(const STACK_OF(X509_REVOKED) *stack) { return sk_X509_REVOKED_num(stack); }
static inline X509_REVOKED *gem_sk_X509_REVOKED_value(const STACK_OF(X509_REVOKED) *stack, int i) { return sk_X509_REVOKED_value(stack, i); }
static inline int gem_sk_ASN1_OBJECT_num(const STACK_OF(ASN1_OBJECT) *stack) { return sk_ASN1_OBJECT_num(stack); }
static inline ASN1_OBJECT *gem_sk_ASN1_OBJECT_value(const STACK_OF(ASN1_OBJECT) *stack, int i) { return sk_ASN1_OBJECT_value(stack, i); }
static inline int gem_sk_CMS_SignerInfo_num(const STACK_OF(CMS_SignerInfo) *stack) { return sk_CMS_SignerInfo_num(stack); }
static inline CMS_SignerInfo *gem_sk_CMS_SignerInfo_value(const STACK_OF(CMS_SignerInfo) *stack, int i) { return sk_CMS_SignerInfo_value(stack, i); }
