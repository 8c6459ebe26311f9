package io.anycastle.dns.steer;

import java.util.Arrays;

/** From a record's place in a GeoIP file to a small number: open addressing, never more than half full. Reading allocates nothing. */
final class PlaceTable {
    private static final int FREE = -1;
    private static final int GOLDEN = 0x9e3779b1;

    private int[] keys = new int[64];
    private short[] values = new short[64];
    private int used;

    PlaceTable() {
        Arrays.fill(keys, FREE);
    }

    /**
     * @param place 0 or more
     * @param value 0 to 32767
     */
    void put(int place, int value) {
        if (2 * used >= keys.length) {
            grow();
        }
        int at = slot(place);
        if (keys[at] == FREE) {
            keys[at] = place;
            used++;
        }
        values[at] = (short) value;
    }

    /** The place's number, 0 when it has none. */
    int get(int place) {
        int at = slot(place);
        return keys[at] == FREE ? 0 : values[at];
    }

    int size() {
        return used;
    }

    /** In no order. */
    int[] places() {
        return Arrays.stream(keys).filter(key -> key != FREE).toArray();
    }

    private int slot(int place) {
        int mask = keys.length - 1;
        int at = ((place * GOLDEN) >>> 7) & mask;
        while (keys[at] != FREE && keys[at] != place) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        int[] oldKeys = keys;
        short[] oldValues = values;
        keys = new int[oldKeys.length * 2];
        values = new short[keys.length];
        Arrays.fill(keys, FREE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
