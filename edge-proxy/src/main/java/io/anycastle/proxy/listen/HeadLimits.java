package io.anycastle.proxy.listen;

/**
 * How long the parts of a request head may be, in bytes.
 *
 * @param targetBytesMax the request target; 1 KiB to 1 MiB
 * @param headerBytesMax one header line without its CRLF; 1 KiB to 1 MiB
 * @param headersBytesMax all header lines together; at least {@code headerBytesMax}
 */
public record HeadLimits(int targetBytesMax, int headerBytesMax, int headersBytesMax) {
    public static final HeadLimits DEFAULTS = new HeadLimits(16 * 1024, 16 * 1024, 32 * 1024);
}
