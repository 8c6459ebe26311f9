package io.anycastle.app.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Asks one node's DNS all the time. A node lives from its first answer after a start until the nemesis says that it strikes it. */
final class ProofProber implements Runnable {
    /** A node answers within milliseconds; the machine that runs all of them may hold a thread up for a second or two. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration BETWEEN = Duration.ofMillis(20);

    private final ProofNode node;
    private final List<String> failures = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    /** Counts the nemesis' strikes; guarded by this, as are the next two. */
    private long strikes;

    private boolean isStruck = true;
    private boolean isUnderStrike;
    private volatile boolean isStopping;

    ProofProber(ProofNode node) {
        this.node = node;
    }

    /** The node is about to be stopped or killed: it need not answer any more, and may still do. */
    synchronized void strikes() {
        strikes++;
        isStruck = true;
        isUnderStrike = true;
    }

    /** The node is stopped or dead: its next answer says that it lives again. */
    synchronized void struck() {
        strikes++;
        isUnderStrike = false;
    }

    private synchronized long strikeCount() {
        return strikes;
    }

    private synchronized boolean mustAnswer(long since) {
        return !isStruck && strikes == since;
    }

    private synchronized void answered(long since) {
        answers.incrementAndGet();
        if (strikes == since && !isUnderStrike) {
            isStruck = false;
        }
    }

    @Override
    public void run() {
        while (!isStopping) {
            long since = strikeCount();
            boolean isExpected = mustAnswer(since);
            try {
                if (node.answersDns(PATIENCE)) {
                    answered(since);
                } else if (isExpected && mustAnswer(since)) {
                    failed("a wrong answer");
                }
            } catch (IOException e) {
                if (isExpected && mustAnswer(since)) {
                    failed("no answer: " + e.getMessage());
                }
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }

    private synchronized void failed(String what) {
        failures.add(node.id() + ": " + what);
    }

    void stop() {
        isStopping = true;
    }

    boolean isLiving() {
        return mustAnswer(strikeCount());
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    long answers() {
        return answers.get();
    }
}
