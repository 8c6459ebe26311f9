package io.anycastle.proxy.log;

import java.util.List;

/** What one event loop gives to those who follow the log. Belongs to the loop; without readers it costs one look at a list. */
@SuppressWarnings("ReferenceEquality") // each change makes a new list
public final class LoopTail {
    private final LogTail tail;
    private List<TailReader> readers = List.of();
    private List<TailFeed> feeds = List.of();

    public LoopTail(LogTail tail) {
        this.tail = tail;
    }

    /** The readers of this moment; none, nearly always. */
    public List<TailFeed> feeds() {
        List<TailReader> now = tail.readers();
        if (now != readers) {
            feeds = now.stream().map(this::feed).toList();
            readers = now;
        }
        return feeds;
    }

    private TailFeed feed(TailReader reader) {
        return feeds.stream().filter(known -> known.isOf(reader)).findFirst().orElseGet(() -> new TailFeed(reader));
    }
}
