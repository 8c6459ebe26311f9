package io.anycastle.core.zonefile;

/**
 * What reading a zone file may cost.
 *
 * @param notesMax how many errors, and how many warnings, are told one by one; the rest is counted; 1 to 10,000
 * @param generatedMax how many records all {@code $GENERATE} lines of a file make together; 0 to 10,000,000
 * @param entryCharsMax longest entry in characters, all its lines together; 1,024 to 1,048,576
 */
public record ZoneFileLimits(int notesMax, int generatedMax, int entryCharsMax) {
    public static final ZoneFileLimits DEFAULTS = new ZoneFileLimits(100, 100_000, 65_536);
}
