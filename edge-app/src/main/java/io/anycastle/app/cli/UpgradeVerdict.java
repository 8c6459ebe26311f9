package io.anycastle.app.cli;

import io.anycastle.app.cluster.FormatsJson;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;

/** Whether this version may run beside a node, or take its place. */
enum UpgradeVerdict {
    JOINS(true, "can join its cluster and take its place"),
    SIDE_BY_SIDE(
            true, "can take its place; until all nodes have one version they are not clustered, and reconcile then"),
    CANNOT_READ(false, "cannot read its disk, and cannot join its cluster"),
    UNKNOWN(false, "unknown: it does not answer, or does not tell its formats");

    private final boolean isGood;
    private final String sentence;

    UpgradeVerdict(boolean isGood, String sentence) {
        this.isGood = isGood;
        this.sentence = sentence;
    }

    boolean isGood() {
        return isGood;
    }

    String sentence() {
        return sentence;
    }

    /** @param theirs the node's formats; empty when it does not tell them */
    static UpgradeVerdict of(JsonObject theirs, JsonObject ours) {
        if (!theirs.fieldNames().containsAll(ours.fieldNames())) {
            return UNKNOWN;
        }
        if (!isSame(FormatsJson.LOG, theirs, ours) || !isSame(FormatsJson.ENTRY, theirs, ours)) {
            return CANNOT_READ;
        }
        boolean isOneCluster =
                isSame(FormatsJson.TUNNEL, theirs, ours) && minor(theirs).equals(minor(ours));
        return isOneCluster ? JOINS : SIDE_BY_SIDE;
    }

    private static boolean isSame(String field, JsonObject theirs, JsonObject ours) {
        return Objects.equals(theirs.getValue(field), ours.getValue(field));
    }

    /** Hazelcast's members must agree on that much of its version. */
    private static List<String> minor(JsonObject formats) {
        String[] parts = String.valueOf(formats.getValue(FormatsJson.HAZELCAST)).split("[.-]");
        return List.of(parts).subList(0, Math.min(2, parts.length));
    }
}
