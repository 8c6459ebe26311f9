package io.anycastle.proxy.log;

/**
 * How much of the log of requests may be followed live.
 *
 * @param readersMax how many may follow it at the same time; 0 to 100
 * @param linesPerSecond what one reader gets of one event loop at most; 1 to 100,000
 * @param bufferBytes what may wait for one reader; 64 KiB to 64 MiB
 */
public record TailConfig(int readersMax, int linesPerSecond, int bufferBytes) {
    public static final TailConfig DEFAULTS = new TailConfig(8, 500, 1 << 20);
}
