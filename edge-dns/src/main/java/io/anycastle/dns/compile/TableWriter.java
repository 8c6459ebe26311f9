package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.dns.wire.WireName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the table: hangs new versions on names and keeps count of which names exist only because something lies below them. One thread
 * at a time, that of the view's writer.
 */
final class TableWriter {
    private final AnswerTable table;
    private final WireName scratch = new WireName();
    private final List<Node> touched = new ArrayList<>();
    private long next;

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

    /** Cuts off what the last commit replaced. */
    private void forget() {
        for (Node node : touched) {
            Node.Version version = node.version();
            if (version != null) {
                version.older = null;
            }
        }
        touched.clear();
    }

    /** The place of a zone's apex, made when it is not there. */
    Node apex(DomainName zone) {
        makeRoom(1);
        long hash = hash(zone);
        Node node = find(hash, null);
        if (node == null) {
            node = new Node(hash, zone.wire(), null, null);
            show(node, NameAnswers.GONE);
            table.slots().add(node);
        } else {
            show(node, shown(node).orElse(NameAnswers.GONE)); // touched, so that no rebuild drops it now
        }
        table.noteApex(zone.labelCount());
        return node;
    }

    void showApex(Node apex, NameAnswers answers) {
        apex.hasRecords = answers != NameAnswers.GONE;
        show(apex, answers);
    }

    /** What the apex answered before this change set began; empty when there was no zone. */
    Optional<NameAnswers> shown(Node node) {
        Node.Version version = node.version();
        return version == null || version.answers == NameAnswers.GONE ? Optional.empty() : Optional.of(version.answers);
    }

    /**
     * Gives a name below the apex its answers.
     *
     * @param answers null when the name has no records of its own any more
     */
    void put(Node apex, DomainName name, @Nullable NameAnswers answers) {
        makeRoom(name.labelCount());
        Node node = answers == null ? existing(apex, name) : node(apex, name);
        if (node == null || (answers == null && !node.hasRecords)) {
            return;
        }
        boolean existed = node.exists();
        node.hasRecords = answers != null;
        show(node, answers != null ? answers : withoutRecords(node));
        if (existed != node.exists()) {
            count(node, node.exists() ? 1 : -1);
        }
    }

    /** Whether the table never heard of the zone. */
    boolean isNew(DomainName zone) {
        return find(hash(zone), null) == null;
    }

    /** The hash of a name from that label on, given that of its parent. */
    long hashBelow(long parent, WireName name, int label) {
        return table.hash().below(parent, name, label);
    }

    /** Adds a name that is not there yet, below a parent that exists or will: names come after their ancestors. */
    Node add(Node node, NameAnswers answers) {
        makeRoom(1);
        node.hasRecords = answers != NameAnswers.EMPTY_NON_TERMINAL;
        show(node, answers);
        if (node.parent != null) {
            node.parent.children++;
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
            at.children += difference;
            if (existed == at.exists()) {
                return;
            }
            show(at, withoutRecords(at));
        }
    }

    private void show(Node node, NameAnswers answers) {
        Node.Version now = node.version();
        if (now != null && now.since == next) {
            node.show(new Node.Version(next, answers, now.older));
        } else {
            node.show(new Node.Version(next, answers, now));
            if (now != null) {
                touched.add(node); // where nothing was before, nothing is to be cut off
            }
        }
    }

    private @Nullable Node existing(Node apex, DomainName name) {
        return find(NameHash.inZone(hash(name), apex.hash), apex);
    }

    private Node node(Node apex, DomainName name) {
        Node found = existing(apex, name);
        if (found != null) {
            return found;
        }
        DomainName above = name.parent().orElseThrow();
        Node parent = above.wire().length == apex.name.length ? apex : node(apex, above);
        Node node = new Node(NameHash.inZone(hash(name), apex.hash), name.wire(), apex, parent);
        show(node, NameAnswers.GONE);
        table.slots().add(node);
        return node;
    }

    private long hash(DomainName name) {
        scratch.set(name.wire());
        NameHash hash = table.hash();
        long value = hash.root();
        for (int label = scratch.labels() - 1; label >= 0; label--) {
            value = hash.below(value, scratch, label);
        }
        return value;
    }

    /** The node of the name that was hashed last. */
    private @Nullable Node find(long hash, @Nullable Node apex) {
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
        Slots slots = new Slots(table.published(), living.size() + more);
        living.forEach(slots::add);
        table.replace(slots);
    }

    private boolean isLiving(Node node) {
        Node.Version version = node.version();
        return version == null || version.since == next || version.answers != NameAnswers.GONE;
    }
}
