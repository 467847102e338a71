#ifndef COLOUR_H
#define COLOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Turns rows of what a JPEG holds into sRGB, through the profile embedded in it if there is one.
typedef struct {
    /// 1 grey, 3 RGB, 4 CMYK.
    uint32_t channels;
    /// Adobe writes CMYK with 255 for no ink.
    bool inverted;
    void *context, *transform;
} colour;

/// A profile for another kind of picture, a broken one, and one that means sRGB anyway are left aside.
/// False when it was broken.
bool colour_open(colour *c, uint32_t channels, bool inverted, const uint8_t *profile, size_t count);
void colour_close(colour *c);

/// Whether rows have to go through colour_row at all.
static inline bool colour_changes(const colour *c) { return c->channels != 3 || c->transform; }
void colour_row(const colour *c, const uint8_t *in, uint8_t *rgb, uint32_t pixels);

#endif
