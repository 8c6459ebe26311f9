package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.ZoneState;
import io.anycastle.dns.wire.WireName;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the table with a zone that is new to it. Names come in canonical order (RFC 4034 section 6.1): each one's ancestors are the last
 * that were put, so nothing is looked up and no label is hashed twice.
 */
final class ZoneFill {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneFill.class);

    /** From here on names are compiled on all cores. */
    private static final int PARALLEL_NAMES_MIN = 2_000;

    private final TableWriter writer;
    private final NameCompiler compiler;
    private final Node apex;
    private final int apexLabels;
    private final WireName scratch = new WireName();

    /** The last name put and its ancestors, the apex first. */
    private final Node[] path = new Node[128];

    private final long[] hashes = new long[128];
    private int depth;

    ZoneFill(TableWriter writer, NameCompiler compiler, Node apex, DomainName zone) {
        this.writer = writer;
        this.compiler = compiler;
        this.apex = apex;
        apexLabels = zone.labelCount();
        path[0] = apex;
        hashes[0] = writer.hash(zone);
    }

    /** Puts every name below the apex. */
    void fill(ZoneState zone, MailHosts mail) {
        NameRecords[] names = zone.names().values().toArray(NameRecords[]::new);
        @Nullable Object[] answers = new Object[names.length];
        IntStream each = IntStream.range(0, names.length);
        (names.length < PARALLEL_NAMES_MIN ? each : each.parallel())
                .forEach(i -> answers[i] = compile(names[i], zone.zone().name(), mail));
        for (int i = 0; i < names.length; i++) {
            Object own = answers[i];
            if (own != null && !names[i].name().equals(zone.zone().name())) {
                put(names[i].name().wire(), own);
            }
        }
    }

    /** A record that no answer can be made of is one name's harm. */
    private @Nullable Object compile(NameRecords records, DomainName zone, MailHosts mail) {
        try {
            return compiler.kept(records, zone, mail);
        } catch (RuntimeException e) {
            LOG.error("the records of {} cannot be answered", records.name(), e);
            return null;
        }
    }

    private void put(byte[] wire, Object answers) {
        scratch.set(wire);
        int below = scratch.labels() - apexLabels;
        depth = Math.min(depth, below - 1);
        while (!isAncestor(depth)) {
            depth--;
        }
        while (depth < below) {
            int label = below - depth - 1;
            long hash = writer.hashBelow(hashes[depth], scratch, label);
            byte[] own = Arrays.copyOfRange(scratch.octets(), scratch.labelAt(label), scratch.labelAt(label + 1));
            path[depth + 1] = writer.add(
                    new Node(NameHash.inZone(hash, apex), own, apex, path[depth]),
                    label == 0 ? answers : NameAnswers.EMPTY_NON_TERMINAL);
            hashes[++depth] = hash;
        }
    }

    private boolean isAncestor(int above) {
        int from = scratch.labelAt(scratch.labels() - apexLabels - above);
        return above == 0 || path[above].isNamed(scratch.octets(), from, scratch.length());
    }
}
