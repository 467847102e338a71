// Makes a 12-megapixel photograph out of a small one: bilinear to 4000 × 3000, with the grain a camera would add.
//     enlarge SOURCE TARGET
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

int main(int count, char **arguments) {
    if (count != 3) return 2;
    FILE *source = fopen(arguments[1], "rb"), *target = fopen(arguments[2], "wb");
    if (!source || !target) return 1;
    struct jpeg_error_mgr errors;
    struct jpeg_decompress_struct in = {.err = jpeg_std_error(&errors)};
    jpeg_create_decompress(&in);
    jpeg_stdio_src(&in, source);
    jpeg_read_header(&in, TRUE);
    in.out_color_space = JCS_RGB;
    jpeg_start_decompress(&in);
    int width = in.output_width, height = in.output_height;
    uint8_t *pixels = malloc((size_t)width * height * 3);
    while (in.output_scanline < in.output_height) {
        JSAMPROW row = pixels + (size_t)in.output_scanline * width * 3;
        jpeg_read_scanlines(&in, &row, 1);
    }
    enum { WIDTH = 4000, HEIGHT = 3000 };
    struct jpeg_compress_struct out = {.err = jpeg_std_error(&errors)};
    jpeg_create_compress(&out);
    jpeg_stdio_dest(&out, target);
    out.image_width = WIDTH;
    out.image_height = HEIGHT;
    out.input_components = 3;
    out.in_color_space = JCS_RGB;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, 92, TRUE);
    jpeg_start_compress(&out, TRUE);
    static uint8_t line[WIDTH * 3];
    uint32_t seed = 1;
    for (int y = 0; y < HEIGHT; y++) {
        double fy = (double)y * (height - 1) / HEIGHT;
        int y0 = (int)fy;
        for (int x = 0; x < WIDTH; x++) {
            double fx = (double)x * (width - 1) / WIDTH;
            int x0 = (int)fx;
            for (int c = 0; c < 3; c++) {
                const uint8_t *p = pixels + ((size_t)y0 * width + x0) * 3 + c;
                double top = p[0] + (p[3] - p[0]) * (fx - x0);
                double bottom = p[width * 3] + (p[width * 3 + 3] - p[width * 3]) * (fx - x0);
                seed = seed * 1664525 + 1013904223;
                int value = (int)(top + (bottom - top) * (fy - y0)) + (int)(seed >> 29) - 4;
                line[x * 3 + c] = value < 0 ? 0 : value > 255 ? 255 : value;
            }
        }
        JSAMPROW row = line;
        jpeg_write_scanlines(&out, &row, 1);
    }
    jpeg_finish_compress(&out);
    fclose(target);
}
