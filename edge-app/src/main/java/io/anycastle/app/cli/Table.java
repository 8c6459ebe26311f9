package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The columns in which objects of the API are shown, each as wide as its widest cell. */
final class Table {
    private static final String GAP = "  ";

    private final List<Column> columns = new ArrayList<>();

    private record Column(String heading, Function<JsonObject, String> cell) {}

    /** A column of a text that every row has. */
    Table column(String heading, String field) {
        return column(heading, row -> row.getString(field));
    }

    Table column(String heading, Function<JsonObject, String> cell) {
        columns.add(new Column(heading, cell));
        return this;
    }

    /** The heading, and a line for each row. */
    String of(List<JsonObject> rows) {
        return aligned(Stream.concat(Stream.of(heading()), rows.stream().map(this::cells))
                .toList());
    }

    private List<String> heading() {
        return columns.stream().map(Column::heading).toList();
    }

    private List<String> cells(JsonObject row) {
        return columns.stream().map(column -> column.cell().apply(row)).toList();
    }

    private String aligned(List<List<String>> lines) {
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(line.get(i)));
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = line.get(i);
                text.append(cell).append(" ".repeat(widths[i] - width(cell))).append(GAP);
            }
            out.append(text.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
