// Only what the Swift importer cannot see: macros, and objects that GObject counts.
// No logic here. One line per shim, named gem_<macro>.
#pragma once
#include <cairo.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

static inline void gem_g_object_unref(void *object) { g_object_unref(object); }
static inline int gem_PANGO_SCALE(void) { return PANGO_SCALE; }
static inline const char *gem_CAIRO_MIME_TYPE_JPEG(void) { return CAIRO_MIME_TYPE_JPEG; }
