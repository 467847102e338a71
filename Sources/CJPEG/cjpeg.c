#include "cjpeg.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <jpeglib.h>
#include <jerror.h>

#include "colour.h"
#include "lanczos.h"

enum {
    BUFFER = 64 << 10,
    MOST_PROFILE_BYTES = 4 << 20,
    QUALITY = 85,
};

/// Whole pages that go back to the system at once, not to malloc's heap.
typedef struct {
    uint8_t *bytes;
    size_t count;
} pages;

static bool pages_take(pages *p, size_t count) {
    void *at = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return false;
    *p = (pages){at, count};
    return true;
}

static void pages_return(pages *p) {
    if (p->bytes) munmap(p->bytes, p->count);
    *p = (pages){0};
}

/// All that a longjmp must leave reachable. It lives on the heap, so nothing is lost in registers.
typedef struct {
    jmp_buf escape;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_source_mgr source;
    struct jpeg_destination_mgr sink;
    struct jpeg_decompress_struct in;
    struct jpeg_compress_struct out;
    const cjpeg_limits *limits;
    cjpeg_photograph *photograph;
    cjpeg_error *error;

    int descriptor;
    bool seekable;
    uint64_t at;
    /// What the decoder was given ends here with a made-up end-of-image marker.
    bool ended;
    /// The header was read; from here on a missing rest is a flaw, before it is an error.
    bool begun;
    /// All rows are there; from here on a broken rest is a flaw.
    bool decoded;
    uint64_t warnings;

    int orientation;
    bool oriented;
    struct {
        uint8_t *bytes;
        size_t count;
    } chunks[256];
    unsigned chunk_count;
    size_t profile_bytes;
    bool profile_broken;
    pages profile;

    colour colour;
    lanczos lanczos;
    pages row, line;
    pages pictures[CJPEG_DERIVATIVES];
    /// Of the derivatives as they are stored, before the orientation turns them.
    uint32_t widths[CJPEG_DERIVATIVES], heights[CJPEG_DERIVATIVES];
    uint8_t light[CJPEG_SMALL * CJPEG_SMALL];
    uint8_t *encoded;
    size_t encoded_count, encoded_room;
    uint8_t buffer[BUFFER];
} job;

// MARK: Errors

static _Noreturn void fail(job *j, cjpeg_code code, const char *message) {
    j->error->code = code;
    if (message) snprintf(j->error->message, sizeof j->error->message, "%s", message);
    longjmp(j->escape, 1);
}

static void take(job *j, pages *p, size_t count) {
    if (!pages_take(p, count)) fail(j, CJPEG_OUT_OF_MEMORY, NULL);
}

static void on_error(j_common_ptr c) {
    job *j = c->client_data;
    char text[JMSG_LENGTH_MAX];
    c->err->format_message(c, text);
    switch (c->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE: fail(j, CJPEG_OUT_OF_MEMORY, text);
    case JERR_IMAGE_TOO_BIG: fail(j, CJPEG_SIDE_TOO_LONG, text);
    case JERR_NO_IMAGE: fail(j, CJPEG_TRUNCATED, text);
    // A table that the end of the file cut through is no less truncated than a missing one.
    default: fail(j, j->ended ? CJPEG_TRUNCATED : CJPEG_BROKEN, text);
    }
}

static void on_message(j_common_ptr c, int level) {
    if (level < 0) ((job *)c->client_data)->warnings++;
}

static void on_print(j_common_ptr c) { (void)c; }

/// libjpeg reads all scans of such a file before it gives the first row; each costs a pass over the whole picture.
static void on_progress(j_common_ptr c) {
    job *j = c->client_data;
    uint64_t pixels = (uint64_t)j->in.image_width * j->in.image_height;
    if (pixels < 1000000) pixels = 1000000;
    if (pixels * (uint64_t)j->in.input_scan_number > j->limits->scan_pixels) fail(j, CJPEG_TOO_MANY_SCANS, NULL);
}

// MARK: Source

/// 0 at the end of the file.
static size_t read_some(job *j, uint8_t *into, size_t room) {
    ssize_t n;
    do {
        n = j->seekable ? pread(j->descriptor, into, room, (off_t)j->at) : read(j->descriptor, into, room);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        j->error->system_error = errno;
        fail(j, CJPEG_UNREADABLE, strerror(errno));
    }
    j->at += (uint64_t)n;
    if (n > 0 && j->at > j->limits->bytes) fail(j, CJPEG_TOO_MANY_BYTES, NULL);
    return (size_t)n;
}

static void source_init(j_decompress_ptr d) { (void)d; }

static boolean source_fill(j_decompress_ptr d) {
    job *j = d->client_data;
    size_t n = j->ended ? 0 : read_some(j, j->buffer, BUFFER);
    if (n == 0) {
        if (!j->begun) fail(j, CJPEG_TRUNCATED, "ends before the first scan");
        j->ended = true;
        WARNMS(d, JWRN_JPEG_EOF);
        j->buffer[0] = 0xFF;
        j->buffer[1] = JPEG_EOI;
        n = 2;
    }
    j->source.next_input_byte = j->buffer;
    j->source.bytes_in_buffer = n;
    return TRUE;
}

static void source_skip(j_decompress_ptr d, long count) {
    job *j = d->client_data;
    if (count <= 0) return;
    size_t left = (size_t)count;
    if (j->seekable && left > j->source.bytes_in_buffer) {
        j->at += left - j->source.bytes_in_buffer;
        left = j->source.bytes_in_buffer;
    }
    while (left > j->source.bytes_in_buffer) {
        left -= j->source.bytes_in_buffer;
        source_fill(d);
        if (j->ended) return;
    }
    j->source.next_input_byte += left;
    j->source.bytes_in_buffer -= left;
}

static void source_term(j_decompress_ptr d) { (void)d; }

static uint8_t next_byte(job *j) {
    if (j->source.bytes_in_buffer == 0) source_fill(&j->in);
    j->source.bytes_in_buffer--;
    return *j->source.next_input_byte++;
}

/// Whether at least one byte of a scan follows; an end of the file or of the image does not count.
static bool scan_follows(job *j) {
    size_t have = j->source.bytes_in_buffer;
    if (have < 2) {
        memmove(j->buffer, j->source.next_input_byte, have);
        for (size_t n; have < 2 && (n = read_some(j, j->buffer + have, BUFFER - have)) > 0;) have += n;
        j->source.next_input_byte = j->buffer;
        j->source.bytes_in_buffer = have;
    }
    const uint8_t *next = j->source.next_input_byte;
    return have > 0 && !(next[0] == 0xFF && (have == 1 || next[1] == JPEG_EOI));
}

// MARK: Markers that are read

static uint32_t number(const uint8_t *p, int bytes, bool little) {
    uint32_t n = 0;
    for (int i = 0; i < bytes; i++) n = n << 8 | p[little ? bytes - 1 - i : i];
    return n;
}

/// Orientation of the first image directory: TIFF 6.0 §2 and Exif 2.32 §4.6.4, tag 0x0112.
static int exif_orientation(const uint8_t *t, size_t count) {
    if (count < 14) return 1;
    bool little = t[0] == 'I';
    uint64_t directory = number(t + 4, 4, little);
    if (directory + 2 > count) return 1;
    uint32_t entries = number(t + directory, 2, little);
    for (uint32_t i = 0; i < entries; i++) {
        uint64_t entry = directory + 2 + (uint64_t)i * 12;
        if (entry + 12 > count) return 1;
        if (number(t + entry, 2, little) != 0x0112) continue;
        bool wide = number(t + entry + 2, 2, little) == 4;
        uint32_t value = number(t + entry + 8, wide ? 4 : 2, little);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}

static size_t marker_begin(job *j) {
    size_t count = (size_t)next_byte(j) << 8;
    count |= next_byte(j);
    if (count < 2) ERREXIT(&j->in, JERR_BAD_LENGTH);
    return count - 2;
}

static boolean on_app1(j_decompress_ptr d) {
    static const uint8_t exif[6] = "Exif\0";
    job *j = d->client_data;
    size_t count = marker_begin(j);
    if (j->oriented || count < sizeof exif) {
        source_skip(d, (long)count);
        return TRUE;
    }
    uint8_t bytes[65536];
    for (size_t i = 0; i < count; i++) bytes[i] = next_byte(j);
    if (memcmp(bytes, exif, sizeof exif) == 0) {
        j->orientation = exif_orientation(bytes + sizeof exif, count - sizeof exif);
        j->oriented = true;
    }
    return TRUE;
}

/// A profile comes in up to 255 numbered pieces, ICC.1:2022 annex B.4.
static boolean on_app2(j_decompress_ptr d) {
    static const uint8_t icc[12] = "ICC_PROFILE";
    job *j = d->client_data;
    size_t count = marker_begin(j);
    uint8_t head[sizeof icc + 2];
    if (count <= sizeof head) {
        source_skip(d, (long)count);
        return TRUE;
    }
    for (size_t i = 0; i < sizeof head; i++) head[i] = next_byte(j);
    count -= sizeof head;
    if (memcmp(head, icc, sizeof icc) != 0) {
        source_skip(d, (long)count);
        return TRUE;
    }
    uint8_t piece = head[sizeof icc];
    j->chunk_count = head[sizeof icc + 1];
    j->profile_bytes += count;
    uint8_t *bytes = NULL;
    if (piece == 0 || j->chunks[piece].bytes || j->profile_bytes > MOST_PROFILE_BYTES) j->profile_broken = true;
    if (j->profile_broken || !(bytes = malloc(count))) {
        source_skip(d, (long)count);
        return TRUE;
    }
    j->chunks[piece].bytes = bytes;
    j->chunks[piece].count = count;
    for (size_t i = 0; i < count; i++) bytes[i] = next_byte(j);
    return TRUE;
}

/// Joins the pieces into j->profile; without them all there is none.
static void join_profile(job *j) {
    size_t total = 0;
    for (unsigned i = 1; i <= j->chunk_count; i++) {
        if (!j->chunks[i].bytes) j->profile_broken = true;
        total += j->chunks[i].count;
    }
    if (j->profile_broken || total == 0) return;
    take(j, &j->profile, total);
    uint8_t *to = j->profile.bytes;
    for (unsigned i = 1; i <= j->chunk_count; i++) {
        memcpy(to, j->chunks[i].bytes, j->chunks[i].count);
        to += j->chunks[i].count;
        free(j->chunks[i].bytes);
        j->chunks[i].bytes = NULL;
    }
}

// MARK: Decode

static void read_header(job *j) {
    struct jpeg_decompress_struct *d = &j->in;
    jpeg_create_decompress(d);
    d->mem->max_memory_to_use = (long)j->limits->coefficient_bytes;
    d->progress = &j->progress;
    d->src = &j->source;
    jpeg_set_marker_processor(d, JPEG_APP0 + 1, on_app1);
    jpeg_set_marker_processor(d, JPEG_APP0 + 2, on_app2);
    jpeg_read_header(d, TRUE);

    uint64_t pixels = (uint64_t)d->image_width * d->image_height;
    bool buffered = jpeg_has_multiple_scans(d);
    if (d->image_width > j->limits->side || d->image_height > j->limits->side) fail(j, CJPEG_SIDE_TOO_LONG, NULL);
    if (pixels > j->limits->pixels || (buffered && pixels > j->limits->buffered_pixels))
        fail(j, CJPEG_TOO_MANY_PIXELS, NULL);
    if (!scan_follows(j)) fail(j, CJPEG_TRUNCATED, "ends before the first scan");
    j->begun = true;
}

/// A side of the picture when its longest is `longest` and becomes `edge`.
static uint32_t reduced(uint32_t side, uint32_t longest, uint32_t edge) {
    if (longest <= edge) return side;
    uint32_t n = (uint32_t)(((uint64_t)side * edge * 2 + longest) / ((uint64_t)longest * 2));
    return n ? n : 1;
}

static void take_picture(job *j, int i) {
    take(j, &j->pictures[i], lanczos_stride(j->widths[i], 3) * j->heights[i]);
}

static void open_lanczos(job *j, uint32_t channels, lanczos_axis across, lanczos_axis down) {
    if (!lanczos_open(&j->lanczos, channels, across, down)) fail(j, CJPEG_OUT_OF_MEMORY, NULL);
}

/// The one decode: rows stream from the decoder through the resampler into the largest derivative.
static void decode(job *j) {
    struct jpeg_decompress_struct *d = &j->in;
    switch (d->jpeg_color_space) {
    case JCS_GRAYSCALE: d->out_color_space = JCS_GRAYSCALE; break;
    case JCS_YCbCr:
    case JCS_RGB: d->out_color_space = JCS_RGB; break;
    case JCS_CMYK:
    case JCS_YCCK: d->out_color_space = JCS_CMYK; break;
    default: fail(j, CJPEG_BROKEN, "neither grey, RGB nor CMYK");
    }
    uint32_t width = d->image_width, height = d->image_height, longest = width > height ? width : height;
    d->scale_denom = 8;
    d->scale_num = 8;
    for (unsigned m = 1; m < 8; m++) {
        if ((uint64_t)longest * m < (uint64_t)CJPEG_LARGE * 8) continue;
        d->scale_num = m;
        break;
    }
    d->dct_method = JDCT_ISLOW;
    // The smooth upsampler rounds left and right pixels differently, so that a mirrored file would not give the
    // mirrored picture. It only ever runs at 8/8; at any smaller scale the transform itself enlarges the colours.
    d->do_fancy_upsampling = FALSE;
    // Guessing at missing coefficients only makes a truncated photograph look sound.
    d->do_block_smoothing = FALSE;
    jpeg_start_decompress(d);

    uint32_t channels = (uint32_t)d->output_components;
    join_profile(j);
    if (!colour_open(&j->colour, channels, d->saw_Adobe_marker, j->profile.bytes, j->profile.count))
        j->profile_broken = true;
    pages_return(&j->profile);

    uint32_t edges[CJPEG_DERIVATIVES] = {CJPEG_LARGE, CJPEG_MEDIUM, CJPEG_SMALL};
    for (int i = 0; i < CJPEG_DERIVATIVES; i++) {
        j->widths[i] = reduced(width, longest, edges[i]);
        j->heights[i] = reduced(height, longest, edges[i]);
        j->photograph->derivatives[i].edge = edges[i];
    }
    take_picture(j, 0);
    open_lanczos(
        j, channels, (lanczos_axis){d->output_width, width * d->scale_num, j->widths[0]},
        (lanczos_axis){d->output_height, height * d->scale_num, j->heights[0]});
    bool changes = colour_changes(&j->colour);
    size_t row_bytes = lanczos_stride(d->output_width, channels), stride = lanczos_stride(j->widths[0], 3);
    take(j, &j->row, row_bytes);
    if (changes) take(j, &j->line, lanczos_stride(j->widths[0], channels));
    uint8_t *to = j->pictures[0].bytes;
    while (d->output_scanline < d->output_height) {
        JSAMPROW row = j->row.bytes;
        jpeg_read_scanlines(d, &row, 1);
        lanczos_feed(&j->lanczos, row);
        for (; lanczos_next(&j->lanczos, changes ? j->line.bytes : to); to += stride)
            if (changes) colour_row(&j->colour, j->line.bytes, to, j->widths[0]);
    }
    lanczos_close(&j->lanczos);
    pages_return(&j->row);
    pages_return(&j->line);
}

/// Medium from large, small from medium. Each straight from the decoded rows is no better: against a Lanczos reduction
/// of the full picture the mean SSIM of 72 photographs is 0.9610 either way at 160, 0.9585 at 480.
static void reduce(job *j, int i) {
    uint32_t width = j->widths[i - 1], height = j->heights[i - 1];
    take_picture(j, i);
    open_lanczos(
        j, 3, (lanczos_axis){width, width * 8, j->widths[i]}, (lanczos_axis){height, height * 8, j->heights[i]});
    const uint8_t *from = j->pictures[i - 1].bytes;
    uint8_t *to = j->pictures[i].bytes;
    for (uint32_t y = 0; y < height; y++, from += lanczos_stride(width, 3)) {
        lanczos_feed(&j->lanczos, from);
        while (lanczos_next(&j->lanczos, to)) to += lanczos_stride(j->widths[i], 3);
    }
    lanczos_close(&j->lanczos);
}

// MARK: Encode

static void sink_grow(job *j) {
    size_t room = j->encoded_room ? j->encoded_room * 2 : 64 << 10;
    uint8_t *bytes = realloc(j->encoded, room);
    if (!bytes) fail(j, CJPEG_OUT_OF_MEMORY, NULL);
    j->encoded = bytes;
    j->sink.next_output_byte = bytes + j->encoded_room;
    j->sink.free_in_buffer = room - j->encoded_room;
    j->encoded_room = room;
}

static void sink_init(j_compress_ptr c) { (void)c; }

static boolean sink_empty(j_compress_ptr c) {
    sink_grow(c->client_data);
    return TRUE;
}

static void sink_term(j_compress_ptr c) {
    job *j = c->client_data;
    j->encoded_count = j->encoded_room - j->sink.free_in_buffer;
}

/// Row y of the upright picture.
static void upright_row(const job *j, int i, uint32_t y, uint8_t *out) {
    static const struct {
        bool turned, right_to_left, upwards;
    } ways[9] = {[2] = {0, 1, 0}, {0, 1, 1}, {0, 0, 1}, {1, 0, 0}, {1, 0, 1}, {1, 1, 1}, {1, 1, 0}};
    const uint8_t *pixels = j->pictures[i].bytes;
    uint32_t width = j->widths[i], height = j->heights[i];
    ptrdiff_t stride = (ptrdiff_t)lanczos_stride(width, 3);
    ptrdiff_t right = 3, down = stride;
    const uint8_t *from = pixels;
    if (ways[j->orientation].right_to_left) from += (ptrdiff_t)(width - 1) * 3, right = -3;
    if (ways[j->orientation].upwards) from += (ptrdiff_t)(height - 1) * stride, down = -stride;
    bool turned = ways[j->orientation].turned;
    from += (turned ? right : down) * (ptrdiff_t)y;
    ptrdiff_t step = turned ? down : right;
    for (uint32_t x = turned ? height : width; x > 0; x--, from += step, out += 3) memcpy(out, from, 3);
}

/// The miniature, out of pixels that are at hand: some ten thousand of them.
static void look(job *j) {
    enum { SMALLEST = CJPEG_DERIVATIVES - 1, SIDE = CJPEG_MINIATURE };
    bool turned = j->orientation >= 5;
    uint32_t width = turned ? j->heights[SMALLEST] : j->widths[SMALLEST];
    uint32_t height = turned ? j->widths[SMALLEST] : j->heights[SMALLEST];
    uint8_t row[CJPEG_SMALL * 3];
    for (uint32_t y = 0; y < height; y++) {
        upright_row(j, SMALLEST, y, row);
        // ITU-R BT.601, in 256ths.
        for (uint32_t x = 0; x < width; x++)
            j->light[y * width + x] = (uint8_t)((77 * row[x * 3] + 150 * row[x * 3 + 1] + 29 * row[x * 3 + 2]) >> 8);
    }
    for (uint32_t v = 0; v < SIDE; v++) {
        uint32_t top = v * height / SIDE, bottom = (v + 1) * height / SIDE;
        if (bottom <= top) bottom = top + 1;
        for (uint32_t u = 0; u < SIDE; u++) {
            uint32_t left = u * width / SIDE, right = (u + 1) * width / SIDE;
            if (right <= left) right = left + 1;
            uint32_t sum = 0;
            for (uint32_t y = top; y < bottom; y++)
                for (uint32_t x = left; x < right; x++) sum += j->light[y * width + x];
            j->photograph->miniature[v * SIDE + u] = (uint8_t)(sum / ((bottom - top) * (right - left)));
        }
    }
}

static void encode(job *j, int i) {
    struct jpeg_compress_struct *c = &j->out;
    cjpeg_derivative *derivative = &j->photograph->derivatives[i];
    bool turned = j->orientation >= 5;
    derivative->width = turned ? j->heights[i] : j->widths[i];
    derivative->height = turned ? j->widths[i] : j->heights[i];
    const cjpeg_derivative *larger = derivative - 1;
    if (i > 0 && larger->width == derivative->width && larger->height == derivative->height) {
        if (!(derivative->bytes = malloc(larger->count))) fail(j, CJPEG_OUT_OF_MEMORY, NULL);
        derivative->count = larger->count;
        memcpy(derivative->bytes, larger->bytes, larger->count);
        return;
    }
    jpeg_create_compress(c);
    c->dest = &j->sink;
    j->encoded_room = 0;
    sink_grow(j);
    c->image_width = derivative->width;
    c->image_height = derivative->height;
    c->input_components = 3;
    c->in_color_space = JCS_RGB;
    // The defaults are JFIF, baseline and 4:2:0.
    jpeg_set_defaults(c);
    jpeg_set_quality(c, QUALITY, TRUE);
    c->optimize_coding = TRUE;
    c->dct_method = JDCT_ISLOW;
    jpeg_start_compress(c, TRUE);
    take(j, &j->line, (size_t)derivative->width * 3);
    while (c->next_scanline < c->image_height) {
        JSAMPROW row = j->line.bytes;
        upright_row(j, i, c->next_scanline, row);
        jpeg_write_scanlines(c, &row, 1);
    }
    jpeg_finish_compress(c);
    jpeg_destroy_compress(c);
    pages_return(&j->line);
    pages_return(&j->pictures[i]);
    derivative->bytes = j->encoded;
    derivative->count = j->encoded_count;
    j->encoded = NULL;
}

// MARK: The whole

static void open_file(job *j) {
    struct stat status;
    if (fstat(j->descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        j->seekable = true;
        if ((uint64_t)status.st_size > j->limits->bytes) fail(j, CJPEG_TOO_MANY_BYTES, NULL);
    }
    size_t have = 0;
    for (size_t n; have < sizeof j->error->head && (n = read_some(j, j->buffer + have, BUFFER - have)) > 0;) have += n;
    j->source.next_input_byte = j->buffer;
    j->source.bytes_in_buffer = have;
    j->error->head_count = have < sizeof j->error->head ? have : sizeof j->error->head;
    memcpy(j->error->head, j->buffer, j->error->head_count);
    static const uint8_t signature[3] = {0xFF, 0xD8, 0xFF};
    size_t check = have == 0 ? 1 : have < 3 ? have : 3;
    if (memcmp(j->buffer, signature, check) != 0) fail(j, CJPEG_NOT_JPEG, NULL);
    if (have < 3) fail(j, CJPEG_TRUNCATED, "ends before the first scan");
}

static void release(job *j) {
    jpeg_destroy_decompress(&j->in);
    jpeg_destroy_compress(&j->out);
    colour_close(&j->colour);
    lanczos_close(&j->lanczos);
    for (int i = 0; i < 256; i++) free(j->chunks[i].bytes);
    for (int i = 0; i < CJPEG_DERIVATIVES; i++) pages_return(&j->pictures[i]);
    pages_return(&j->profile);
    pages_return(&j->row);
    pages_return(&j->line);
    free(j->encoded);
    free(j);
}

cjpeg_code cjpeg_read(
    int descriptor, const cjpeg_limits *limits, cjpeg_photograph *photograph, cjpeg_error *error) {
    *photograph = (cjpeg_photograph){0};
    *error = (cjpeg_error){0};
    job *j = calloc(1, sizeof *j);
    if (!j) return error->code = CJPEG_OUT_OF_MEMORY;
    j->descriptor = descriptor;
    j->limits = limits;
    j->photograph = photograph;
    j->error = error;
    j->orientation = 1;
    j->progress.progress_monitor = on_progress;
    j->source = (struct jpeg_source_mgr){
        .init_source = source_init,
        .fill_input_buffer = source_fill,
        .skip_input_data = source_skip,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = source_term,
    };
    j->sink = (struct jpeg_destination_mgr){
        .init_destination = sink_init,
        .empty_output_buffer = sink_empty,
        .term_destination = sink_term,
    };
    j->in.err = j->out.err = jpeg_std_error(&j->errors);
    j->in.client_data = j->out.client_data = j;
    j->errors.error_exit = on_error;
    j->errors.emit_message = on_message;
    j->errors.output_message = on_print;

    if (setjmp(j->escape) == 0) {
        open_file(j);
        read_header(j);
        decode(j);
        j->decoded = true;
        jpeg_finish_decompress(&j->in);
    } else if (j->decoded && (error->code == CJPEG_BROKEN || error->code == CJPEG_TRUNCATED)) {
        j->warnings++;
        *error = (cjpeg_error){0};
    }
    if (error->code == CJPEG_OK && setjmp(j->escape) == 0) {
        bool turned = j->orientation >= 5;
        photograph->width = turned ? j->in.image_height : j->in.image_width;
        photograph->height = turned ? j->in.image_width : j->in.image_height;
        photograph->suspect = j->warnings > 0 || j->profile_broken;
        jpeg_destroy_decompress(&j->in);
        for (int i = 1; i < CJPEG_DERIVATIVES; i++) reduce(j, i);
        look(j);
        for (int i = 0; i < CJPEG_DERIVATIVES; i++) encode(j, i);
    }
    cjpeg_code code = error->code;
    if (code != CJPEG_OK) cjpeg_free(photograph);
    release(j);
    // libjpeg takes its memory from malloc, which would keep it for the next photograph, in every thread's heap.
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
    return code;
}

void cjpeg_free(cjpeg_photograph *photograph) {
    for (int i = 0; i < CJPEG_DERIVATIVES; i++) free(photograph->derivatives[i].bytes);
    *photograph = (cjpeg_photograph){0};
}
