package io.anycastle.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.boolex.EventEvaluator;
import ch.qos.logback.core.boolex.EventEvaluatorBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Lines for people on standard error. Set up in code, because reading an XML file would cost a tenth of the start. */
public final class LogLines extends ContextAwareBase implements Configurator {
    /** Beats the configuration; also holds for commands, which log warnings only without it. */
    public static final String LEVEL_VARIABLE = "ANYCASTLE_LOG";

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %replace(%msg){'[\\r\\n]+',' | '}%n%xEx{12, LIBRARY}";

    /** True for what a library says while not all is wanted: its traces are for its makers. */
    private static final String LIBRARY = "LIBRARY";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Map<String, EventEvaluator<?>> evaluators = new HashMap<>();
        evaluators.put(LIBRARY, new OfLibrary());
        context.putObject(CoreConstants.EVALUATOR_MAP, evaluators);
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.addFilter(new CalmFilter());
        console.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(Level.toLevel(System.getenv(LEVEL_VARIABLE), Level.WARN));
        // They warn of what is meant so: a node alone, a detector that is off, and a machine with no network but
        // loopback.
        context.getLogger("com.hazelcast.instance.impl.Node").setLevel(Level.ERROR);
        context.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
        // tells of single frames, which clients send as they like
        context.getLogger("io.netty.handler.codec.http2").setLevel(Level.ERROR);
        context.getLogger("com.hazelcast.spi.impl.operationexecutor.slowoperationdetector")
                .setLevel(Level.ERROR);
        // Said here in other words: which nodes cannot be reached, which have left, and that the maps are filled again.
        context.getLogger("com.hazelcast.internal.server.tcp").setLevel(Level.ERROR);
        context.getLogger("com.hazelcast.internal.partition").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whether libraries say all that they can. */
    static boolean isAllWanted() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return Level.DEBUG.isGreaterOrEqual(
                context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel());
    }

    /** Holds for events whose trace is left out. */
    private static final class OfLibrary extends EventEvaluatorBase<ILoggingEvent> {
        @Override
        public boolean evaluate(ILoggingEvent event) {
            return event.getLoggerName().startsWith("com.hazelcast") && !isAllWanted();
        }
    }

    /** Sets how much a node says; libraries stay at warnings unless all is asked for. */
    public static void level(String configured) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        String fromVariable = System.getenv(LEVEL_VARIABLE);
        Level level =
                Level.toLevel(fromVariable == null ? configured.toUpperCase(Locale.ROOT) : fromVariable, Level.INFO);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : level);
        context.getLogger("io.anycastle").setLevel(level);
        context.getLogger("anycastle").setLevel(level);
    }
}
