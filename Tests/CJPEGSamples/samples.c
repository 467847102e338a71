#include "samples.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjpeg.h>
#include <jpeglib.h>
#include <lcms2.h>

bool sample_encode(const uint8_t *pixels, sample_style style, uint8_t **jpeg, size_t *count) {
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    unsigned long bytes = 0;
    *jpeg = NULL;
    jpeg_mem_dest(&c, jpeg, &bytes);
    c.image_width = style.width;
    c.image_height = style.height;
    c.input_components = style.channels;
    c.in_color_space = style.channels == 1 ? JCS_GRAYSCALE : style.channels == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(&c);
    if (style.ycck) jpeg_set_colorspace(&c, JCS_YCCK);
    jpeg_set_quality(&c, style.quality, TRUE);
    if (style.channels == 3 && !style.subsampled) c.comp_info[0].h_samp_factor = c.comp_info[0].v_samp_factor = 1;
    c.restart_interval = (unsigned)style.restart_interval;
    jpeg_scan_info scans[4];
    if (style.separate) {
        for (int i = 0; i < style.channels; i++)
            scans[i] = (jpeg_scan_info){.comps_in_scan = 1, .component_index = {i}, .Ss = 0, .Se = 63};
        c.scan_info = scans;
        c.num_scans = style.channels;
    }
    if (style.progressive) jpeg_simple_progression(&c);
    jpeg_start_compress(&c, TRUE);
    if (style.profile) jpeg_write_icc_profile(&c, style.profile, (unsigned)style.profile_bytes);
    while (c.next_scanline < c.image_height) {
        JSAMPROW row = (JSAMPROW)pixels + (size_t)c.next_scanline * style.width * (size_t)style.channels;
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    *count = bytes;
    return true;
}

struct trap {
    struct jpeg_error_mgr errors;
    jmp_buf escape;
};

static void leave(j_common_ptr c) { longjmp(((struct trap *)c->err)->escape, 1); }

bool sample_decode(
    const uint8_t *jpeg, size_t count, uint8_t **pixels, uint32_t *width, uint32_t *height, int *channels) {
    struct jpeg_decompress_struct d;
    struct trap trap;
    *pixels = NULL;
    d.err = jpeg_std_error(&trap.errors);
    trap.errors.error_exit = leave;
    if (setjmp(trap.escape)) {
        jpeg_destroy_decompress(&d);
        return false;
    }
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, jpeg, count);
    jpeg_read_header(&d, TRUE);
    jpeg_start_decompress(&d);
    *width = d.output_width;
    *height = d.output_height;
    *channels = d.output_components;
    size_t stride = (size_t)d.output_width * (size_t)d.output_components;
    *pixels = malloc(stride * d.output_height);
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = *pixels + d.output_scanline * stride;
        jpeg_read_scanlines(&d, &row, 1);
    }
    jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    return true;
}

bool sample_profile(bool grey, uint8_t **bytes, size_t *count) {
    cmsCIExyY white = {0.3127, 0.3290, 1};
    cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, grey ? 1.0 : 563 / 256.0);
    cmsHPROFILE profile =
        grey ? cmsCreateGrayProfile(&white, curve)
             : cmsCreateRGBProfile(&white, &primaries, (cmsToneCurve *[]){curve, curve, curve});
    cmsUInt32Number size = 0;
    *bytes = NULL;
    bool made = cmsSaveProfileToMem(profile, NULL, &size) && (*bytes = malloc(size)) != NULL
        && cmsSaveProfileToMem(profile, *bytes, &size);
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
    *count = size;
    return made;
}

bool sample_to_srgb(const uint8_t *profile, size_t profile_bytes, uint8_t *rgb, size_t pixels) {
    cmsHPROFILE from = cmsOpenProfileFromMem(profile, (cmsUInt32Number)profile_bytes);
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM t = cmsCreateTransform(from, TYPE_RGB_8, to, TYPE_RGB_8, INTENT_PERCEPTUAL, 0);
    if (t) {
        cmsDoTransform(t, rgb, rgb, (cmsUInt32Number)pixels);
        cmsDeleteTransform(t);
    }
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    return t != NULL;
}

static size_t status_bytes(const char *key) {
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    size_t kilobytes = 0;
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0) kilobytes = strtoul(line + strlen(key) + 1, NULL, 10);
    if (f) fclose(f);
    return kilobytes * 1024;
}

bool sample_read(int descriptor, int times, sample_cost *cost) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        cjpeg_limits limits = {25000000, 80000000, 24000000, 500000000, 20000, 200000000};
        cjpeg_photograph photograph;
        cjpeg_error error;
        for (int i = 1; i < times; i++) {
            if (cjpeg_read(descriptor, &limits, &photograph, &error) != CJPEG_OK) _exit(1);
            cjpeg_free(&photograph);
        }
        size_t before = status_bytes("VmRSS");
        FILE *f = fopen("/proc/self/clear_refs", "w");
        if (!f || fputs("5", f) < 0 || fclose(f) != 0) _exit(1);
        if (cjpeg_read(descriptor, &limits, &photograph, &error) != CJPEG_OK) _exit(1);
        cjpeg_free(&photograph);
        size_t peak = status_bytes("VmHWM"), after = status_bytes("VmRSS");
        sample_cost measured = {peak > before ? peak - before : 0, after > before ? after - before : 0};
        _exit(write(ends[1], &measured, sizeof measured) == sizeof measured ? 0 : 1);
    }
    close(ends[1]);
    bool told = child > 0 && read(ends[0], cost, sizeof *cost) == sizeof *cost;
    close(ends[0]);
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && told && status == 0;
}
