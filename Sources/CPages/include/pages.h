#ifndef GEM_PAGES_H
#define GEM_PAGES_H
#include <stddef.h>

// One file that the public pages need, part of the program so that the binary stands alone.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} gem_page_file;

// Ends with a file without a name.
const gem_page_file *gem_page_files_start(void);

#endif
