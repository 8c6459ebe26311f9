package io.anycastle.app.cli;

import io.anycastle.core.store.state.BackupContents;

/** A number of things in words. */
final class Count {
    private Count() {}

    /** {@code 2 zones, 1 record}. */
    static String of(BackupContents contents) {
        return of(contents.zones(), "zone") + ", " + of(contents.records(), "record");
    }

    /** {@code 1 zone}, {@code 2 zones}. */
    static String of(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
