// What this machine can do: the work that gemd does for a photograph, in plain C over libjpeg-turbo, with none of
// gemd's safety. The whole file in memory, one decode at the smallest DCT scale of at least 1200 pixels, Lanczos-3 in
// floats to 1200, from that to 480, from that to 160, and JPEG at quality 85 with optimised tables.
//
//     cc -O3 -march=native photo_limit.c -o photo_limit -ljpeg -lm && ./photo_limit SECONDS FILE...
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jpeglib.h>

typedef float quad __attribute__((vector_size(16)));
typedef float pack __attribute__((vector_size(64)));
typedef int packed __attribute__((vector_size(64)));

typedef struct {
    int width, height;
    unsigned char *rgb;
} image;

typedef struct {
    int start, count;
    float *weights;
} taps;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *must(void *p) {
    if (!p) {
        fputs("photo_limit: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

static taps *lanczos(int in, int out) {
    double scale = (double)in / out, stretch = scale < 1 ? 1 : scale, reach = 3 * stretch;
    int most = (int)(2 * reach) + 3;
    taps *t = must(malloc((size_t)out * (sizeof *t + (size_t)most * sizeof(float))));
    float *w = (float *)(t + out);
    for (int o = 0; o < out; o++, w += most) {
        double centre = (o + 0.5) * scale - 0.5, sum = 0;
        int low = (int)fmax(ceil(centre - reach), 0), high = (int)fmin(floor(centre + reach), in - 1);
        for (int i = low; i <= high; i++) {
            double x = (i - centre) / stretch, p = M_PI * x;
            w[i - low] = (float)(x == 0 ? 1 : fabs(x) >= 3 ? 0 : 3 * sin(p) * sin(p / 3) / (p * p));
            sum += w[i - low];
        }
        for (int i = low; i <= high; i++) w[i - low] /= (float)sum;
        t[o] = (taps){low, high - low + 1, w};
    }
    return t;
}

/// Rows across first, four floats a pixel, then down.
static image reduced(image in, int width, int height) {
    taps *columns = lanczos(in.width, width), *rows = lanczos(in.height, height);
    size_t stride = ((size_t)width * 4 + 15) & ~(size_t)15;
    float *line = must(malloc(((size_t)in.width + 1) * sizeof(quad)));
    float *across = must(aligned_alloc(64, stride * sizeof(float) * (size_t)in.height));
    image out = {width, height, must(malloc((size_t)width * (size_t)height * 3))};
    for (int y = 0; y < in.height; y++) {
        const unsigned char *from = in.rgb + (size_t)y * (size_t)in.width * 3;
        for (int x = 0; x < in.width; x++, from += 3) {
            quad q = {from[0], from[1], from[2], 0};
            memcpy(line + (size_t)x * 4, &q, sizeof q);
        }
        float *to = across + (size_t)y * stride;
        for (int x = 0; x < width; x++) {
            quad sum = {0};
            const float *at = line + (size_t)columns[x].start * 4, *w = columns[x].weights;
            for (int k = 0; k < columns[x].count; k++, at += 4) {
                quad q;
                memcpy(&q, at, sizeof q);
                sum += q * w[k];
            }
            memcpy(to + (size_t)x * 4, &sum, sizeof sum);
        }
    }
    unsigned char *flat = must(malloc(stride));
    for (int y = 0; y < height; y++) {
        for (size_t x = 0; x < stride; x += 16) {
            pack sum = (pack){0} + 0.5f;
            const float *at = across + (size_t)rows[y].start * stride + x;
            for (int k = 0; k < rows[y].count; k++, at += stride) {
                pack p;
                memcpy(&p, at, sizeof p);
                sum += p * rows[y].weights[k];
            }
            packed v = __builtin_convertvector(sum, packed);
            v &= v > 0;
            v = (v & (v < 256)) | ((v > 255) & 255);
            unsigned char *four = flat + x / 4 * 3;
            four[0] = (unsigned char)v[0], four[1] = (unsigned char)v[1], four[2] = (unsigned char)v[2];
            four[3] = (unsigned char)v[4], four[4] = (unsigned char)v[5], four[5] = (unsigned char)v[6];
            four[6] = (unsigned char)v[8], four[7] = (unsigned char)v[9], four[8] = (unsigned char)v[10];
            four[9] = (unsigned char)v[12], four[10] = (unsigned char)v[13], four[11] = (unsigned char)v[14];
        }
        memcpy(out.rgb + (size_t)y * (size_t)width * 3, flat, (size_t)width * 3);
    }
    free(columns);
    free(rows);
    free(line);
    free(across);
    free(flat);
    return out;
}

static image decoded(const unsigned char *jpeg, size_t count, int *width, int *height) {
    struct jpeg_decompress_struct d;
    struct jpeg_error_mgr errors;
    d.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&d);
    jpeg_mem_src(&d, jpeg, count);
    jpeg_read_header(&d, TRUE);
    *width = (int)d.image_width;
    *height = (int)d.image_height;
    unsigned longest = d.image_width > d.image_height ? d.image_width : d.image_height;
    d.scale_num = d.scale_denom = 8;
    for (unsigned m = 1; m < 8; m++) {
        if (longest * m < 1200 * 8) continue;
        d.scale_num = m;
        break;
    }
    d.out_color_space = JCS_RGB;
    jpeg_start_decompress(&d);
    size_t stride = (size_t)d.output_width * 3;
    image out = {(int)d.output_width, (int)d.output_height, must(malloc(stride * d.output_height))};
    while (d.output_scanline < d.output_height) {
        JSAMPROW row = out.rgb + d.output_scanline * stride;
        jpeg_read_scanlines(&d, &row, 1);
    }
    jpeg_finish_decompress(&d);
    jpeg_destroy_decompress(&d);
    return out;
}

static unsigned long encoded(image in) {
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *jpeg = NULL;
    unsigned long count = 0;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &jpeg, &count);
    c.image_width = (unsigned)in.width;
    c.image_height = (unsigned)in.height;
    c.input_components = 3;
    c.in_color_space = JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 85, TRUE);
    c.optimize_coding = TRUE;
    jpeg_start_compress(&c, TRUE);
    while (c.next_scanline < c.image_height) {
        JSAMPROW row = in.rgb + (size_t)c.next_scanline * (size_t)in.width * 3;
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    free(jpeg);
    return count;
}

static unsigned long photograph(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    fseek(f, 0, SEEK_END);
    size_t count = (size_t)ftell(f);
    rewind(f);
    unsigned char *jpeg = must(malloc(count));
    if (fread(jpeg, 1, count, f) != count) exit(1);
    fclose(f);
    int width, height;
    image from = decoded(jpeg, count, &width, &height);
    free(jpeg);
    unsigned long bytes = 0;
    static const int edges[] = {1200, 480, 160};
    for (int i = 0; i < 3; i++) {
        double scale = fmin(1, (double)edges[i] / (width > height ? width : height));
        image to = reduced(from, (int)fmax(1, width * scale + 0.5), (int)fmax(1, height * scale + 0.5));
        bytes += encoded(to);
        free(from.rgb);
        from = to;
    }
    free(from.rgb);
    return bytes;
}

int main(int argc, char **argv) {
    double seconds = argc > 1 ? atof(argv[1]) : 0;
    if (argc < 3 || seconds <= 0) {
        fputs("usage: photo_limit SECONDS FILE...\n", stderr);
        return 2;
    }
    unsigned long bytes = photograph(argv[2]);
    long made = 0;
    double start = now(), spent = 0;
    for (; spent < seconds; spent = now() - start) bytes += photograph(argv[2 + made++ % (argc - 2)]);
    printf("photo_limit: %.2f photographs/s\n", (double)made / spent);
    return bytes == 0;
}
