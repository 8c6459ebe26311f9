package io.anycastle.app.config;

import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that is about the log of requests. */
public final class AccessLogKeys {
    private static final KeyList KEYS = new KeyList();
    private static final AccessLogConfig LOG = AccessLogConfig.DEFAULTS;

    public static final Key<LogTarget> TARGET = KEYS.key(
            "access-log.target",
            Shapes.choice(LogTarget.class),
            LOG.target(),
            "Where requests are logged once proxy.access-log is true: standard output, a file, or a syslog server.");
    public static final Key<Optional<Path>> FILE = KEYS.optional(
            "access-log.file",
            Shapes.path("a file"),
            "The file; nothing means access.log in the data folder. Full ones are renamed to access.log.1 and so on.");
    public static final Key<Integer> FILE_MAX = KEYS.key(
            "access-log.file-max",
            Shapes.bytes(64 << 10, 1 << 30),
            LOG.fileBytesMax(),
            "How large the file becomes before the next one is begun.");
    public static final Key<Integer> FILES =
            KEYS.key("access-log.files", Shapes.number(0, 1000), LOG.filesKept(), "How many full files are kept.");
    public static final Key<Optional<HostPort>> SYSLOG = KEYS.optional(
            "access-log.syslog", Shapes.hostPort(), "The syslog server, which is sent each line by UDP (RFC 5424).");
    public static final Key<Integer> QUEUE = KEYS.key(
            "access-log.queue",
            Shapes.bytes(64 << 10, 1 << 30),
            LOG.queueBytesMax(),
            "What may wait to be written; lines beyond that are dropped and counted.");
    public static final Key<Duration> DELAY = KEYS.key(
            "access-log.delay",
            Shapes.duration(Duration.ofMillis(10), Duration.ofSeconds(10)),
            LOG.delay(),
            "How long a line may wait for others that are written with it.");

    public static final Key<Integer> TAIL_READERS = KEYS.key(
            "access-log.tail-readers-max",
            Shapes.number(0, 100),
            LOG.tail().readersMax(),
            "How many may follow the log at the same time (edge tail), also where proxy.access-log is false.");
    public static final Key<Integer> TAIL_LINES = KEYS.key(
            "access-log.tail-lines-max",
            Shapes.number(1, 100_000),
            LOG.tail().linesPerSecond(),
            "Lines a second that one of them gets of each of the proxy's threads; requests beyond that are left out, evenly, and counted.");
    public static final Key<Integer> TAIL_BUFFER = KEYS.key(
            "access-log.tail-buffer",
            Shapes.bytes(64 << 10, 64 << 20),
            LOG.tail().bufferBytes(),
            "What may wait for one of them; lines beyond that are dropped and counted.");

    static final List<Key<?>> ALL = KEYS.all();

    private AccessLogKeys() {}
}
