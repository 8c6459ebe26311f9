package io.anycastle.proxy.origin;

import java.util.ArrayDeque;

/** Keeps readers of heads for the next answers, so that connections which wait hold none. Belongs to one event loop. */
final class AnswerShelf {
    private static final int STATUS_LINE_BYTES_MAX = 16 * 1024;
    private static final int KEPT_MAX = 64;
    private static final int KEPT_OCTETS_MAX = 16 * 1024;

    private final ArrayDeque<AnswerLines> kept = new ArrayDeque<>(KEPT_MAX);
    private final int fieldBytesMax;

    /**
     * @param fieldBytesMax of all field lines of one answer
     */
    AnswerShelf(int fieldBytesMax) {
        this.fieldBytesMax = fieldBytesMax;
    }

    AnswerLines take() {
        AnswerLines lines = kept.pollLast();
        return lines != null ? lines : new AnswerLines(STATUS_LINE_BYTES_MAX, fieldBytesMax);
    }

    /** Takes back what nobody looks at any more. */
    void put(AnswerLines lines) {
        if (kept.size() < KEPT_MAX && lines.fields().octets().length <= KEPT_OCTETS_MAX) {
            kept.addLast(lines);
        }
    }
}
