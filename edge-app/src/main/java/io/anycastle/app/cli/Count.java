package io.anycastle.app.cli;

/** A number of things in words. */
final class Count {
    private Count() {}

    /** {@code 1 zone}, {@code 2 zones}. */
    static String of(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
