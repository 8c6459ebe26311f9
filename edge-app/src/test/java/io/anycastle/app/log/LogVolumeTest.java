package io.anycastle.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.anycastle.core.limit.RateLimitedLog;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How often the same is said. */
final class LogVolumeTest {
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    private Logger logger(String name) {
        said.setContext(context);
        said.start();
        Logger logger = context.getLogger(name);
        logger.addAppender(said);
        logger.setLevel(Level.INFO);
        return logger;
    }

    private List<String> lines() {
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void a_library_says_what_differs_in_numbers_alone_once_a_minute_and_this_program_says_all() {
        CalmFilter filter = new CalmFilter();
        filter.start();
        said.addFilter(filter);
        Logger library = logger("com.hazelcast.internal.partition.Lost");
        Logger own = logger("io.anycastle.core.store.journal.Journal");
        for (int i = 0; i < 271; i++) {
            library.warn("[10.0.0.{}]:5701 [edge] partition {} is completely lost", i % 3, i);
        }
        library.warn("[10.0.0.1]:5701 [edge] something else, 7f3a-{}", 9);
        for (int i = 0; i < 3; i++) {
            own.warn("disk {} is full", i);
        }
        assertThat(lines())
                .containsExactly(
                        "[10.0.0.0]:5701 [edge] partition 0 is completely lost",
                        "[10.0.0.1]:5701 [edge] something else, 7f3a-9",
                        "disk 0 is full",
                        "disk 1 is full",
                        "disk 2 is full");
    }

    @Test
    void what_happens_again_and_again_is_logged_once_a_minute() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        RateLimitedLog log = new RateLimitedLog(logger("io.anycastle.x"), now::get);
        for (int i = 0; i < 5; i++) {
            log.error("disk", "change " + i + " cannot be written");
            log.warn("node-2 is gone");
        }
        now.set(Instant.EPOCH.plusSeconds(61));
        log.error("disk", "change 5 cannot be written");
        assertThat(lines())
                .containsExactly("change 0 cannot be written", "node-2 is gone", "change 5 cannot be written");
    }
}
