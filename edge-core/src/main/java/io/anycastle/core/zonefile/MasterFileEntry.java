package io.anycastle.core.zonefile;

import java.util.List;

/**
 * One directive or record of a master file, parentheses resolved.
 *
 * @param line on which it begins, from 1
 * @param startsBlank whether it takes its name from the record before
 * @param comment what stands behind semicolons, all lines together
 * @param problem why the entry cannot be read, or empty
 */
record MasterFileEntry(int line, boolean startsBlank, List<Word> words, String comment, String problem) {
    MasterFileEntry {
        words = List.copyOf(words);
    }

    /** A word with its escapes still in it, and without its quotes. */
    record Word(String raw, boolean quoted) {
        String spelled() {
            return quoted ? '"' + raw + '"' : raw;
        }
    }
}
