package io.anycastle.core.resolve;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Which recursive servers are asked and what is taken from them. They are trusted to validate: no DNSSEC is done here, so neither keys
 * nor signatures cost anything.
 *
 * @param servers asked in this order; empty for those of this machine
 * @param timeout for one question to one server, 1 ms to 1 day
 * @param attempts how often each server is asked before the question is given up, 1 to 10
 * @param deadline for a question with everything that it takes, from each caller's call on; 1 ms to 1 day
 * @param questionsMax that stand open at once; one more fails at once, 1 to 100,000
 * @param answerBytesMax a longer answer counts as none, 512 to 65535
 * @param recordsMax an answer section with more counts as none, 1 to 10,000
 * @param aliasesMax CNAMEs followed for one question, 1 to 100
 */
public record ResolveConfig(
        List<InetSocketAddress> servers,
        Duration timeout,
        int attempts,
        Duration deadline,
        int questionsMax,
        int answerBytesMax,
        int recordsMax,
        int aliasesMax) {
    public static final ResolveConfig DEFAULTS =
            new ResolveConfig(List.of(), Duration.ofSeconds(5), 1, Duration.ofSeconds(15), 512, 16 * 1024, 256, 8);

    public ResolveConfig {
        servers = List.copyOf(servers);
    }

    public ResolveConfig withServers(List<InetSocketAddress> other) {
        return new ResolveConfig(
                other, timeout, attempts, deadline, questionsMax, answerBytesMax, recordsMax, aliasesMax);
    }

    public ResolveConfig withTimeout(Duration other) {
        return new ResolveConfig(
                servers, other, attempts, deadline, questionsMax, answerBytesMax, recordsMax, aliasesMax);
    }

    public ResolveConfig withDeadline(Duration other) {
        return new ResolveConfig(
                servers, timeout, attempts, other, questionsMax, answerBytesMax, recordsMax, aliasesMax);
    }

    public ResolveConfig withQuestionsMax(int other) {
        return new ResolveConfig(servers, timeout, attempts, deadline, other, answerBytesMax, recordsMax, aliasesMax);
    }
}
