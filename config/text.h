/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a text may be that comes from a file or a user and ends up in paths, files of a
 * container and shell scripts. Each returns NULL, or what is wrong as the second half of a
 * sentence ("it holds a control character"); static storage.
 */
#ifndef CONFIG_TEXT_H
#define CONFIG_TEXT_H

/* No control characters, at most 1023 bytes. */
const char *text_plain(const char *s);
/* No control characters, of any length. */
const char *text_control(const char *s);

/* A container's name: letters digits blanks - + _ . ; at most 64; not a number, as that
 * would be a CTID; '' is right. */
const char *text_name(const char *s);
/* One word that may be part of a file name: template, sample, layout. */
const char *text_word(const char *s);
/* An absolute path that does not climb and is not the root directory. */
const char *text_path(const char *s);
/* A host name: at most 64 characters, which is what the kernel takes; '' is right. */
const char *text_hostname(const char *s);
/* A domain name: at most 253 characters; a final dot is right. */
const char *text_domain(const char *s);

#endif
