package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Tells how a zone is pointed here, and what the last look at public DNS has shown. */
final class ZonePointing {
    private ZonePointing() {}

    static boolean isPartial(JsonObject zone) {
        return "partial".equals(zone.getString("type"));
    }

    static boolean isChecked(JsonObject zone) {
        return "check".equals(activation(zone).getString("mode"));
    }

    static JsonObject activation(JsonObject zone) {
        return zone.getJsonObject("activation", new JsonObject());
    }

    /** What the owner of a partial zone does where its DNS is. */
    static List<String> steps(JsonObject zone) {
        List<String> steps = new ArrayList<>();
        if (isChecked(zone)) {
            steps.add("At its DNS provider add this record, and leave it there:");
            steps.add("  " + verification(zone));
        }
        String name = zone.getString("name");
        String suffix = zone.getString("cname_suffix");
        if (suffix == null) {
            steps.add(
                    "Point each proxied host to the edge addresses; zones.partial-suffix would give it a name for a CNAME.");
        } else {
            steps.add("Then point each proxied host to its own name below " + suffix + ", for example:");
            steps.add("  www." + name + " CNAME www." + name + "." + suffix);
        }
        return steps;
    }

    /** Lines of {@code edge zone show}. */
    static List<String> lines(JsonObject zone) {
        List<String> lines = new ArrayList<>();
        if (isPartial(zone)) {
            lines.add("Verification  " + verification(zone));
            lines.add("CNAME suffix  " + zone.getString("cname_suffix", "none (zones.partial-suffix)"));
        }
        JsonObject activation = activation(zone);
        switch (activation.getString("mode", "")) {
            case "always_active" -> lines.add("Checked       no: always active");
            case "immediate" -> lines.add("Checked       no: zones.activation is immediate");
            case "private" -> lines.add("Checked       no: nobody delegates such names");
            case "check" -> lines.addAll(checked(activation));
            default -> {}
        }
        return lines;
    }

    private static List<String> checked(JsonObject activation) {
        List<String> lines = new ArrayList<>();
        String last = activation.getString("checked_on");
        lines.add("Checked       " + (last == null ? "not yet" : last + ": " + result(activation)));
        if (activation.getString("advice") != null) {
            lines.add("To do         " + activation.getString("advice"));
        }
        lines.add("Next check    " + activation.getString("next_check_on"));
        return lines;
    }

    static String result(JsonObject activation) {
        List<String> found = JsonFields.texts(activation, "found");
        String values = found.isEmpty() ? "nothing" : String.join(", ", found);
        return switch (activation.getString("result", "")) {
            case "ours" -> "points here";
            case "partly" -> "points here in part, found " + values;
            case "elsewhere" -> "does not point here, found " + values;
            default -> "no answer";
        };
    }

    private static String verification(JsonObject zone) {
        return zone.getString("verification_name") + " TXT \"" + zone.getString("verification_key") + "\"";
    }
}
