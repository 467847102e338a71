#include "colour.h"

#include <lcms2.h>
#include <lcms2_plugin.h>
#include <stdlib.h>

// A profile's tables are allocated by sizes written in the profile: bound them before lcms believes them.
enum { MOST_BYTES = 16 << 20 };

static void *profile_malloc(cmsContext id, cmsUInt32Number n) {
    (void)id;
    return n <= MOST_BYTES ? malloc(n) : NULL;
}
static void *profile_realloc(cmsContext id, void *p, cmsUInt32Number n) {
    (void)id;
    return n <= MOST_BYTES ? realloc(p, n) : NULL;
}
static void profile_free(cmsContext id, void *p) {
    (void)id;
    free(p);
}

static cmsPluginMemHandler memory = {
    {cmsPluginMagicNumber, 2060, cmsPluginMemHandlerSig, NULL},
    .MallocPtr = profile_malloc,
    .FreePtr = profile_free,
    .ReallocPtr = profile_realloc,
};

/// A profile that moves no colour of a coarse grid by more than 2/255 means sRGB.
static bool is_srgb(cmsHTRANSFORM t) {
    enum { STEPS = 6, COLOURS = STEPS * STEPS * STEPS };
    uint8_t in[COLOURS * 3], out[COLOURS * 3];
    for (int i = 0; i < COLOURS; i++) {
        in[i * 3] = (uint8_t)(i % STEPS * 51);
        in[i * 3 + 1] = (uint8_t)(i / STEPS % STEPS * 51);
        in[i * 3 + 2] = (uint8_t)(i / STEPS / STEPS * 51);
    }
    cmsDoTransform(t, in, out, COLOURS);
    for (int i = 0; i < COLOURS * 3; i++)
        if (abs(in[i] - out[i]) > 2) return false;
    return true;
}

bool colour_open(colour *c, uint32_t channels, bool inverted, const uint8_t *profile, size_t count) {
    *c = (colour){.channels = channels, .inverted = inverted};
    if (!profile) return true;
    cmsContext context = cmsCreateContext(&memory, NULL);
    if (!context) return true;
    c->context = context;
    cmsHPROFILE from = cmsOpenProfileFromMemTHR(context, profile, (cmsUInt32Number)count);
    if (!from) return false;
    cmsColorSpaceSignature space = cmsGetColorSpace(from);
    cmsUInt32Number format = channels == 1 && space == cmsSigGrayData ? TYPE_GRAY_8
        : channels == 3 && space == cmsSigRgbData ? TYPE_RGB_8
        : channels == 4 && space == cmsSigCmykData ? (inverted ? TYPE_CMYK_8_REV : TYPE_CMYK_8)
        : 0;
    cmsHPROFILE srgb = format ? cmsCreate_sRGBProfileTHR(context) : NULL;
    if (srgb) c->transform = cmsCreateTransformTHR(context, from, format, srgb, TYPE_RGB_8, INTENT_PERCEPTUAL, 0);
    bool sound = !format || c->transform;
    if (srgb) cmsCloseProfile(srgb);
    cmsCloseProfile(from);
    if (c->transform && channels == 3 && is_srgb(c->transform)) {
        cmsDeleteTransform(c->transform);
        c->transform = NULL;
    }
    return sound;
}

void colour_close(colour *c) {
    if (c->transform) cmsDeleteTransform(c->transform);
    if (c->context) cmsDeleteContext(c->context);
    *c = (colour){0};
}

void colour_row(const colour *c, const uint8_t *in, uint8_t *rgb, uint32_t pixels) {
    if (c->transform) {
        cmsDoTransform(c->transform, in, rgb, pixels);
        return;
    }
    for (uint32_t x = 0; x < pixels; x++, in += c->channels, rgb += 3) {
        if (c->channels == 1) {
            rgb[0] = rgb[1] = rgb[2] = in[0];
            continue;
        }
        uint8_t flip = c->inverted ? 0 : 255;
        uint32_t light = in[3] ^ flip;
        for (int i = 0; i < 3; i++) rgb[i] = (uint8_t)(((in[i] ^ flip) * light + 127) / 255);
    }
}
