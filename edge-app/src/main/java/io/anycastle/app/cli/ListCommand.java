package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** A command that shows a list, a table for people: its subclasses say what is listed and in which columns. */
abstract class ListCommand extends ShowCommand<List<JsonObject>> {
    private final Table table;
    private final String empty;

    /** @param empty said in the place of a table without rows */
    ListCommand(Environment environment, Table table, String empty) {
        super(environment);
        this.table = table;
        this.empty = empty;
    }

    @Override
    final void show(NodeClient client, List<JsonObject> rows) {
        if (rows.isEmpty()) {
            say(empty);
        } else {
            print(table.of(rows));
        }
    }
}
