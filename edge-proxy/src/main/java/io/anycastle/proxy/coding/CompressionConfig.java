package io.anycastle.proxy.coding;

import java.util.List;

/**
 * How answers are compressed.
 *
 * @param codings that the edge writes, the one it likes best first; none turns compression off
 * @param moreTypes media types that are compressed beside {@link CompressibleTypes}, in lower case
 * @param gzipLevel 1 to 9
 * @param brLevel 0 to 7: higher ones hold up the event loop
 * @param zstdLevel 1 to 9, for the same reason
 * @param gzipBytesMin answers that tell a shorter length go as they are
 * @param brBytesMin the same for br and zstd
 * @param windowBytes how far back br and zstd look, a power of two; what a coding costs of memory follows it; 16 KiB to 8 MiB, which is as
 *     much as browsers take
 * @param encodersMax answers that are compressed at a time, for each event loop; further ones go as they are; 1 to 1,000,000
 * @param inflateRatioMax how many octets one of an origin's compressed ones may stand for on the whole; 1 to 100,000
 * @param inflateFreeBytes what an answer may grow to whatever the ratio
 */
public record CompressionConfig(
        List<ContentCoding> codings,
        List<String> moreTypes,
        int gzipLevel,
        int brLevel,
        int zstdLevel,
        int gzipBytesMin,
        int brBytesMin,
        int windowBytes,
        int encodersMax,
        int inflateRatioMax,
        long inflateFreeBytes) {
    public static final int WINDOW_BYTES_MIN = 16 << 10;
    public static final int WINDOW_BYTES_MAX = 8 << 20;

    public static final CompressionConfig DEFAULTS = new CompressionConfig(
            List.of(ContentCoding.ZSTD, ContentCoding.BR, ContentCoding.GZIP),
            List.of(),
            5,
            4,
            3,
            48,
            50,
            256 << 10,
            1_000,
            200,
            16L << 20);

    public CompressionConfig {
        codings = List.copyOf(codings);
        moreTypes = List.copyOf(moreTypes);
    }

    /** The binary logarithm of the window. */
    int windowLog() {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(windowBytes);
    }

    int bytesMin(ContentCoding coding) {
        return coding == ContentCoding.GZIP ? gzipBytesMin : brBytesMin;
    }
}
