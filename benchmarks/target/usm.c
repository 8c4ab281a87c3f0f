#include "usm.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_SECONDS = 150, PRINCIPAL_OCTETS = 1 << 20 };

static const char NOT_IN_TIME[] = "1.3.6.1.6.3.15.1.1.2.0", UNKNOWN_USER[] = "1.3.6.1.6.3.15.1.1.3.0";
static const char UNKNOWN_ENGINE[] = "1.3.6.1.6.3.15.1.1.4.0", WRONG_DIGEST[] = "1.3.6.1.6.3.15.1.1.5.0";
static const char UNSUPPORTED_LEVEL[] = "1.3.6.1.6.3.15.1.1.1.0";

static const EVP_MD *digest_of(const User *user) { return user->sha256 ? EVP_sha256() : EVP_sha1(); }
static int digest_size(const User *user) { return user->sha256 ? 32 : 20; }
static int mac_size(const User *user) { return user->sha256 ? 24 : 12; }

/* RFC 3414 A.2: the digest of the password repeated to a mebibyte. */
static void key_of_password(const EVP_MD *digest, const char *password, uint8_t *key)
{
    uint8_t block[64];
    size_t place = 0, length = strlen(password);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, digest, NULL);
    for (int done = 0; done < PRINCIPAL_OCTETS; done += 64) {
        for (int i = 0; i < 64; i++)
            block[i] = (uint8_t)password[place++ % length];
        EVP_DigestUpdate(context, block, sizeof block);
    }
    EVP_DigestFinal_ex(context, key, NULL);
    EVP_MD_CTX_free(context);
}

void user_init(User *user, const char *name, bool sha256, const char *auth_password, const char *priv_password)
{
    user->sha256 = sha256;
    strncpy(user->user, name, sizeof user->user - 1);
    key_of_password(digest_of(user), auth_password, user->auth_key);
    key_of_password(digest_of(user), priv_password, user->priv_key);
}

static int engine_of(uint32_t address, uint8_t *engine)
{
    const uint8_t octets[] = {0x80, 0, 0xC3, 0x50, 1, (uint8_t)(address >> 24), (uint8_t)(address >> 16),
                              (uint8_t)(address >> 8), (uint8_t)address}; /* RFC 3411: format 1, an IPv4 address */
    memcpy(engine, octets, sizeof octets);
    return sizeof octets;
}

static int64_t boots_of(uint32_t address) { return 1 + address % 7; }
static int64_t time_of(uint32_t address, double uptime) { return (int64_t)uptime + 1000 + address % 256; }

static void localise(const User *user, const uint8_t *key, uint32_t address, uint8_t *localised)
{
    uint8_t engine[LONGEST_ENGINE], octets[80];
    int size = digest_size(user), engine_size = engine_of(address, engine);
    memcpy(octets, key, (size_t)size);
    memcpy(octets + size, engine, (size_t)engine_size);
    memcpy(octets + size + engine_size, key, (size_t)size);
    EVP_Digest(octets, (size_t)(2 * size + engine_size), localised, NULL, digest_of(user), NULL);
}

static void sign(const User *user, uint32_t address, const uint8_t *octets, int size, uint8_t *mac)
{
    uint8_t key[32], full[32];
    localise(user, user->auth_key, address, key);
    HMAC(digest_of(user), key, digest_size(user), octets, (size_t)size, full, NULL);
    memcpy(mac, full, (size_t)mac_size(user));
}

static void cipher(const User *user, uint32_t address, int64_t boots, int64_t time, const uint8_t *salt, uint8_t *octets,
                   int size, int encrypting)
{
    static EVP_CIPHER_CTX *context;
    uint8_t key[32], vector[16];
    int done;
    if (!context)
        context = EVP_CIPHER_CTX_new();
    localise(user, user->priv_key, address, key);
    for (int i = 0; i < 4; i++) {
        vector[i] = (uint8_t)(boots >> (24 - 8 * i));
        vector[4 + i] = (uint8_t)(time >> (24 - 8 * i));
    }
    memcpy(vector + 8, salt, 8);
    EVP_CipherInit_ex(context, EVP_aes_128_cfb128(), NULL, key, vector, encrypting);
    EVP_CipherUpdate(context, octets, &done, octets, size);
}

typedef struct {
    Span engine, user, mac, salt;
    int64_t boots, time;
} Parameters;

static bool read_parameters(Span *body, SecureRequest *request, Parameters *parameters)
{
    Span global, flags, string, sequence;
    int64_t ignored;
    if (!read_expected(body, SEQUENCE, &global) || !read_integer(&global, &request->message_id) ||
        !read_integer(&global, &ignored) || !read_expected(&global, OCTETS, &flags) || span_size(flags) != 1)
        return false;
    request->flags = *flags.at;
    return read_expected(body, OCTETS, &string) && read_expected(&string, SEQUENCE, &sequence) &&
           read_expected(&sequence, OCTETS, &parameters->engine) && read_integer(&sequence, &parameters->boots) &&
           read_integer(&sequence, &parameters->time) && read_expected(&sequence, OCTETS, &parameters->user) &&
           read_expected(&sequence, OCTETS, &parameters->mac) && read_expected(&sequence, OCTETS, &parameters->salt);
}

static bool is_signed(const User *user, uint32_t address, Span datagram, Span mac)
{
    static uint8_t copy[65536];
    uint8_t wanted[32];
    int size = span_size(datagram);
    if (span_size(mac) != mac_size(user) || size > (int)sizeof copy)
        return false;
    memcpy(copy, datagram.at, (size_t)size);
    memset(copy + (mac.at - datagram.at), 0, (size_t)span_size(mac));
    sign(user, address, copy, size, wanted);
    return memcmp(wanted, mac.at, (size_t)mac_size(user)) == 0;
}

/* Why the request gets a report instead of an answer; NULL: it does not. */
static const char *objection(const User *user, Span datagram, const Parameters *parameters, uint8_t flags,
                             uint32_t address, double uptime)
{
    uint8_t engine[LONGEST_ENGINE];
    int size = engine_of(address, engine);
    if (span_size(parameters->engine) != size || memcmp(parameters->engine.at, engine, (size_t)size))
        return UNKNOWN_ENGINE;
    if (span_size(parameters->user) != (int)strlen(user->user) ||
        memcmp(parameters->user.at, user->user, strlen(user->user)))
        return UNKNOWN_USER;
    if ((flags & (AUTH | PRIV)) != (AUTH | PRIV))
        return UNSUPPORTED_LEVEL;
    if (!is_signed(user, address, datagram, parameters->mac))
        return WRONG_DIGEST;
    int64_t late = parameters->time - time_of(address, uptime);
    if (parameters->boots != boots_of(address) || llabs(late) > WINDOW_SECONDS)
        return NOT_IN_TIME;
    return NULL;
}

static bool read_scoped(Span scoped, SecureRequest *request)
{
    Span rest;
    if (!read_expected(&scoped, SEQUENCE, &rest) || !read_expected(&rest, OCTETS, &request->context_engine) ||
        !read_expected(&rest, OCTETS, &request->context_name) || !read_tlv(&rest, &request->pdu_tag, &request->pdu))
        return false;
    Span peek = request->pdu;
    return read_integer(&peek, &request->request_id);
}

/* False: not worth an answer. `body` is what follows the version. */
bool open_secure(const User *user, Span datagram, Span body, uint32_t address, double uptime_seconds,
                 SecureRequest *request)
{
    static uint8_t plain[65536];
    Parameters parameters;
    *request = (SecureRequest){0};
    if (!read_parameters(&body, request, &parameters))
        return false;
    request->report = objection(user, datagram, &parameters, request->flags, address, uptime_seconds);
    if (request->report && request->report != NOT_IN_TIME) {
        request->flags = 0;
        read_scoped(body, request);
        return true;
    }
    Span encrypted;
    if (!read_expected(&body, OCTETS, &encrypted) || span_size(parameters.salt) != 8)
        return false;
    int size = span_size(encrypted);
    memcpy(plain, encrypted.at, (size_t)size);
    cipher(user, address, parameters.boots, parameters.time, parameters.salt.at, plain, size, 0);
    if (request->report)
        request->flags = AUTH;
    return read_scoped((Span){plain, plain + size}, request);
}

/* Wraps the PDU that `message` holds: scoped PDU, privacy, security parameters, header, digest. */
void close_secure(const User *user, Message *message, const SecureRequest *request, uint32_t address,
                  double uptime_seconds)
{
    static uint64_t salts;
    uint8_t engine[LONGEST_ENGINE], salt[8], blank[32] = {0}, *mac = NULL;
    int engine_size = engine_of(address, engine);
    int64_t boots = boots_of(address), time = time_of(address, uptime_seconds);
    prepend_string(message, request->context_name.at, span_size(request->context_name));
    prepend_string(message, engine, engine_size);
    prepend_header(message, SEQUENCE);
    if (request->flags & PRIV) {
        salts++;
        memcpy(salt, &salts, sizeof salt);
        cipher(user, address, boots, time, salt, message->first, (int)(message->last - message->first), 1);
        prepend_header(message, OCTETS);
    }
    Message parameters = {message->first, message->first, message->limit};
    prepend_string(&parameters, salt, request->flags & PRIV ? 8 : 0);
    if (request->flags & AUTH) {
        prepend_string(&parameters, blank, mac_size(user));
        mac = parameters.first + 2;
    } else
        prepend_string(&parameters, blank, 0);
    prepend_string(&parameters, (const uint8_t *)user->user, request->flags & AUTH ? (int)strlen(user->user) : 0);
    prepend_integer(&parameters, time);
    prepend_integer(&parameters, boots);
    prepend_string(&parameters, engine, engine_size);
    prepend_header(&parameters, SEQUENCE);
    prepend_header(&parameters, OCTETS);
    Message global = {parameters.first, parameters.first, message->limit};
    prepend_integer(&global, 3);
    prepend_string(&global, &request->flags, 1);
    prepend_integer(&global, 65507);
    prepend_integer(&global, request->message_id);
    prepend_header(&global, SEQUENCE);
    message->first = global.first;
    prepend_integer(message, 3);
    prepend_header(message, SEQUENCE);
    if (mac)
        sign(user, address, message->first, (int)(message->last - message->first), mac);
}
