package io.anycastle.app.cluster;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.anycastle.app.TestNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Listens to what the member network logs, or another part of the node. */
final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;

    LogWatch() {
        this("io.anycastle.app.cluster");
    }

    LogWatch(String part) {
        logger = (Logger) LoggerFactory.getLogger(part);
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    /** Waits for a line that holds all the parts. */
    void await(String... parts) {
        TestNode.await(
                "the log says " + List.of(parts) + ", it says " + lines,
                () -> lines.stream().anyMatch(line -> List.of(parts).stream().allMatch(line::contains)));
    }

    boolean has(String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
