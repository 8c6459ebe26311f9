package io.anycastle.proxy.log;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether and where requests are logged.
 *
 * @param file for {@link LogTarget#FILE}; its folder is there
 * @param fileBytesMax beyond which the file is renamed and a new one begun; 64 KiB to 1 GiB
 * @param filesKept how many renamed files are kept; 0 to 1,000
 * @param syslog the server, for {@link LogTarget#SYSLOG}
 * @param queueBytesMax what may wait to be written; 64 KiB to 1 GiB
 * @param delay how long a line may wait for others that are written with it; 10 ms to 10 s
 * @param tail how much of it may be followed live, also where it is off
 */
public record AccessLogConfig(
        boolean isOn,
        LogTarget target,
        Path file,
        int fileBytesMax,
        int filesKept,
        Optional<InetSocketAddress> syslog,
        int queueBytesMax,
        Duration delay,
        TailConfig tail) {
    public static final AccessLogConfig DEFAULTS = new AccessLogConfig(
            false,
            LogTarget.OUTPUT,
            Path.of("access.log"),
            100 * 1024 * 1024,
            5,
            Optional.empty(),
            4 * 1024 * 1024,
            Duration.ofMillis(200));

    /** To the program's standard output. */
    public static AccessLogConfig on() {
        AccessLogConfig d = DEFAULTS;
        return new AccessLogConfig(
                true, d.target, d.file, d.fileBytesMax, d.filesKept, d.syslog, d.queueBytesMax, d.delay);
    }

    /** One that is followed as usual. */
    public AccessLogConfig(
            boolean isOn,
            LogTarget target,
            Path file,
            int fileBytesMax,
            int filesKept,
            Optional<InetSocketAddress> syslog,
            int queueBytesMax,
            Duration delay) {
        this(isOn, target, file, fileBytesMax, filesKept, syslog, queueBytesMax, delay, TailConfig.DEFAULTS);
    }
}
