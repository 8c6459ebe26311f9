package io.anycastle.proxy.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What other nodes read of this node's log for those who follow it there: each question of theirs takes what has come since the one before,
 * and a reader that is not asked for any more ends. Any thread.
 */
public final class TailAnswers {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int LINES_BYTES_MAX = 1 << 20;
    private static final byte[] NOTHING = {};

    private final LogTail tail;
    private final Duration lease;
    private final Map<String, TailReader> readers = new HashMap<>();

    public TailAnswers(LogTail tail) {
        this(tail, LEASE);
    }

    TailAnswers(LogTail tail, Duration lease) {
        this.tail = tail;
        this.lease = lease;
    }

    /**
     * Answers a {@link TailQuestion}.
     *
     * @return what {@link TailAnswer} reads; no octets where the node has no room for one more reader
     */
    public synchronized byte[] answer(byte[] asked) {
        TailQuestion question = TailQuestion.of(asked);
        readers.values().removeIf(TailReader::isClosed);
        if (question.isLast()) {
            Optional.ofNullable(readers.remove(question.id())).ifPresent(TailReader::close);
            return NOTHING;
        }
        TailReader reader = readers.get(question.id());
        if (reader == null) {
            Optional<TailReader> opened = tail.open(question.filter());
            if (opened.isEmpty()) {
                return NOTHING;
            }
            reader = opened.get();
            readers.put(question.id(), reader);
        }
        reader.lease(lease);
        return said(reader);
    }

    private static byte[] said(TailReader reader) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        Optional<byte[]> line = reader.next(Duration.ZERO);
        while (line.isPresent()) {
            lines.writeBytes(line.get());
            line = lines.size() < LINES_BYTES_MAX ? reader.next(Duration.ZERO) : Optional.empty();
        }
        return ByteBuffer.allocate(TailAnswer.HEAD_BYTES + lines.size())
                .putLong(reader.omitted())
                .putLong(reader.dropped())
                .put(lines.toByteArray())
                .array();
    }
}
