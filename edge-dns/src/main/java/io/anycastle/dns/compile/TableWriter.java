package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.dns.wire.WireName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the table: hangs new versions on names and keeps count of which names exist only because something lies below them. One thread
 * at a time, that of the view's writer.
 */
final class TableWriter {
    /** What a name answered is remembered for so many changes, for queries that are under way. */
    private static final int REMEMBERED_CHANGES = 64;

    /** When more names than this have changed, all that is published is forgotten at once. */
    private static final int REMEMBERED_NAMES_MAX = 4096;

    private final AnswerTable table;
    private final WireName scratch = new WireName();

    /** Nodes with a version to be forgotten, oldest first. */
    private final ArrayDeque<Touched> touched = new ArrayDeque<>();

    private long next;

    private record Touched(Node node, long by) {}

    TableWriter(AnswerTable table) {
        this.table = table;
    }

    /** Starts a change set, or goes on with one that was prepared and never committed. */
    void begin() {
        if (next != table.published() + 1) {
            forget();
            next = table.published() + 1;
        }
    }

    /** Shows the change set to readers. */
    void commit() {
        table.publish(next);
    }

    /** Leaves the newest answers alone where the change is old enough, or where too much is kept. */
    private void forget() {
        boolean isTooMuch = touched.size() > REMEMBERED_NAMES_MAX;
        long upTo = isTooMuch ? table.published() : table.published() - REMEMBERED_CHANGES;
        Touched oldest = touched.peek();
        if (oldest == null || oldest.by > upTo) {
            return;
        }
        table.forgetBefore(upTo);
        while (oldest != null && oldest.by <= upTo) {
            touched.remove();
            if (oldest.node.state() instanceof Node.Version version && version.since <= upTo) {
                oldest.node.show(version.answers);
            }
            oldest = touched.peek();
        }
    }

    /** The place of a zone's apex, made when it is not there. */
    Node apex(DomainName zone) {
        makeRoom(1);
        int key = NameHash.ofApex(hash(zone));
        Node node = find(key, null);
        if (node == null) {
            node = new Node(key, zone.wire(), null, null);
            show(node, NameAnswers.GONE);
            table.slots().add(node);
        } else {
            show(node, shown(node).orElse(NameAnswers.GONE)); // touched, so that no rebuild drops it now
        }
        table.noteApex(zone.labelCount());
        return node;
    }

    void showApex(Node apex, NameAnswers answers) {
        apex.setRecords(answers != NameAnswers.GONE);
        show(apex, answers);
    }

    /** What the apex answered before this change set began; empty when there was no zone. */
    Optional<NameAnswers> shown(Node apex) {
        return apex.newest() instanceof NameAnswers newest && newest != NameAnswers.GONE
                ? Optional.of(newest)
                : Optional.empty();
    }

    /**
     * Gives a name below the apex its answers.
     *
     * @param answers {@link NameAnswers}, or the {@link NameRecords} that whoever asks makes them of; null when the name has no records of
     *     its own any more
     */
    void put(Node apex, DomainName name, @Nullable Object answers) {
        makeRoom(name.labelCount());
        Node node = answers == null ? existing(apex, name) : node(apex, name);
        if (node == null || (answers == null && !node.hasRecords())) {
            return;
        }
        boolean existed = node.exists();
        node.setRecords(answers != null);
        show(node, answers != null ? answers : withoutRecords(node));
        if (existed != node.exists()) {
            count(node, node.exists() ? 1 : -1);
        }
    }

    /** Whether the table never heard of the zone. */
    boolean isNew(DomainName zone) {
        return find(NameHash.ofApex(hash(zone)), null) == null;
    }

    /** The hash of a name from that label on, given that of its parent. */
    long hashBelow(long parent, WireName name, int label) {
        return table.hash().below(parent, name, label);
    }

    /**
     * Adds a name that is not there yet, of a zone that nobody sees yet, below a parent that exists or will: names come after their
     * ancestors.
     *
     * @param answers as with {@link #put}
     */
    Node add(Node node, Object answers) {
        makeRoom(1);
        node.setRecords(answers != NameAnswers.EMPTY_NON_TERMINAL);
        node.show(answers);
        if (node.parent != null) {
            node.parent.countChildren(1);
        }
        table.slots().add(node);
        return node;
    }

    private static NameAnswers withoutRecords(Node node) {
        return node.exists() ? NameAnswers.EMPTY_NON_TERMINAL : NameAnswers.GONE;
    }

    /** Tells the ancestors, up to the apex or to one that exists anyway, that a name came or went. */
    private void count(Node node, int difference) {
        for (Node at = node.parent; at != null; at = at.parent) {
            boolean existed = at.exists();
            at.countChildren(difference);
            if (existed == at.exists()) {
                return;
            }
            show(at, withoutRecords(at));
        }
    }

    private void show(Node node, Object answers) {
        Object now = node.state();
        if (now instanceof Node.Version version && version.since == next) {
            node.show(new Node.Version(next, answers, version.older));
        } else {
            node.show(new Node.Version(next, answers, now));
            touched.add(new Touched(node, next));
        }
    }

    private @Nullable Node existing(Node apex, DomainName name) {
        return find(NameHash.inZone(hash(name), apex), apex);
    }

    private Node node(Node apex, DomainName name) {
        Node found = existing(apex, name);
        if (found != null) {
            return found;
        }
        DomainName above = name.parent().orElseThrow();
        byte[] wire = name.wire();
        byte[] label = Arrays.copyOf(wire, 1 + wire[0]);
        Node parent = wire.length - label.length == apex.label.length ? apex : node(apex, above);
        Node node = new Node(NameHash.inZone(hash(name), apex), label, apex, parent);
        show(node, NameAnswers.GONE);
        table.slots().add(node);
        return node;
    }

    /** The hash of a whole name. */
    long hash(DomainName name) {
        scratch.set(name.wire());
        NameHash hash = table.hash();
        long value = hash.root();
        for (int label = scratch.labels() - 1; label >= 0; label--) {
            value = hash.below(value, scratch, label);
        }
        return value;
    }

    /** The node of the name that was hashed last. */
    private @Nullable Node find(int hash, @Nullable Node apex) {
        return table.slots().find(hash, scratch.octets(), 0, scratch.length(), apex);
    }

    /** Before a node is found, never between finding and using it: a rebuild drops nodes that nobody uses yet. */
    void makeRoom(int names) {
        if (!table.slots().hasRoomFor(names)) {
            rebuild(names);
        }
    }

    /** Copies the living into a new array with room for as many again. */
    private void rebuild(int more) {
        List<Node> living = new ArrayList<>();
        for (Node node : table.slots().nodes()) {
            if (node != null && isLiving(node)) {
                living.add(node);
            }
        }
        NameTable slots = new NameTable(table.published(), living.size() + more);
        living.forEach(slots::add);
        table.replace(slots);
    }

    private boolean isLiving(Node node) {
        boolean isTouched = node.state() instanceof Node.Version version && version.since == next;
        return isTouched || node.newest() != NameAnswers.GONE;
    }
}
