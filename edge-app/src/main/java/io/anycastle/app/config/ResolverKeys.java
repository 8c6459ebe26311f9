package io.anycastle.app.config;

import io.anycastle.core.resolve.ResolveConfig;
import java.time.Duration;
import java.util.List;

/** The part of the table of settings that says how names outside our zones are looked up, for origins and for flattening. */
public final class ResolverKeys {
    private static final KeyList KEYS = new KeyList();
    private static final ResolveConfig DEFAULTS = ResolveConfig.DEFAULTS;

    public static final Key<List<HostPort>> SERVERS = KEYS.key(
            "resolver.servers",
            Shapes.listOf(Shapes.hostPort(), 0),
            List.of(),
            "Recursive servers that are asked about names outside the zones; empty for those of this machine.");
    public static final Key<Duration> TIMEOUT = KEYS.timeout(
            "resolver.timeout", DEFAULTS.timeout(), "For one question to one of them; then the next is asked.");
    public static final Key<Integer> ATTEMPTS = KEYS.key(
            "resolver.attempts",
            Shapes.number(1, 10),
            DEFAULTS.attempts(),
            "How often each of them is asked before a question is given up.");
    public static final Key<Duration> DEADLINE =
            KEYS.timeout("resolver.deadline", DEFAULTS.deadline(), "For a question with everything that it takes.");
    public static final Key<Integer> QUESTIONS_MAX = KEYS.key(
            "resolver.questions-max",
            Shapes.number(1, 100_000),
            DEFAULTS.questionsMax(),
            "Questions open at once; one more fails at once.");
    public static final Key<Integer> ANSWER_MAX = KEYS.key(
            "resolver.answer-max",
            Shapes.bytes(512, 65_535),
            DEFAULTS.answerBytesMax(),
            "A longer answer counts as none.");
    public static final Key<Integer> RECORDS_MAX = KEYS.key(
            "resolver.records-max",
            Shapes.number(1, 10_000),
            DEFAULTS.recordsMax(),
            "An answer with more records counts as none.");
    public static final Key<Integer> ALIASES_MAX = KEYS.key(
            "resolver.aliases-max",
            Shapes.number(1, 100),
            DEFAULTS.aliasesMax(),
            "CNAMEs that are followed for one question.");
    public static final Key<Integer> KEPT_MAX = KEYS.key(
            "resolver.kept-max",
            Shapes.number(1, 10_000_000),
            20_000,
            "Replies kept in memory for their TTL, to find origins; the least used go first.");
    public static final Key<Duration> ABSENCE_MAX = KEYS.timeout(
            "resolver.absence-max", Duration.ofSeconds(30), "The longest time that a missing name is kept.");

    static final List<Key<?>> ALL = KEYS.all();

    private ResolverKeys() {}
}
