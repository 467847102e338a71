// The files are read by the compiler itself: an array literal of this size would take Swift minutes.
#include "pages.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char app[] = {
#embed "files/app.js"
};
static const unsigned char check[] = {
#embed "files/check.js"
};
static const unsigned char evidence[] = {
#embed "files/evidence.js"
};
static const unsigned char logproof[] = {
#embed "files/log.js"
};
static const unsigned char sw[] = {
#embed "files/sw.js"
};
static const unsigned char style[] = {
#embed "files/style.css"
};
static const unsigned char icon[] = {
#embed "files/icon.svg"
};
static const unsigned char nastaliq[] = {
#embed "files/nastaliq.woff2"
};
static const unsigned char licence[] = {
#embed "files/nastaliq.OFL.txt"
};

static const gem_page_file files[] = {
    {"app.js", app, sizeof app},
    {"check.js", check, sizeof check},
    {"evidence.js", evidence, sizeof evidence},
    {"log.js", logproof, sizeof logproof},
    {"sw.js", sw, sizeof sw},
    {"style.css", style, sizeof style},
    {"icon.svg", icon, sizeof icon},
    {"nastaliq.woff2", nastaliq, sizeof nastaliq},
    {"nastaliq.OFL.txt", licence, sizeof licence},
    {NULL, NULL, 0},
};

const gem_page_file *gem_page_files_start(void) { return files; }
