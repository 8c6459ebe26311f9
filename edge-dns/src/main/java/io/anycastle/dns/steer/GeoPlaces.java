package io.anycastle.dns.steer;

import io.anycastle.core.geo.GeoFile;
import io.anycastle.core.health.Location;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Where the records of a database lie on earth, read once, so that a change of the nodes need not read them again. */
final class GeoPlaces {
    private static final int PROBED_MAX = 10_000;

    private final GeoFile file;
    private final int[] places;
    private final Location[] locations;

    private GeoPlaces(GeoFile file, int[] places, Location[] locations) {
        this.file = file;
        this.places = places;
        this.locations = locations;
    }

    /**
     * Reads every record of the file; seconds for a database of cities.
     *
     * @throws IOException when a record is broken, or none has a location
     */
    static GeoPlaces of(GeoFile file) throws IOException {
        int[] all = distinct(file);
        int[] places = new int[all.length];
        Location[] locations = new Location[all.length];
        int count = 0;
        for (int place : all) {
            Optional<Location> location = file.location(place);
            if (location.isPresent()) {
                places[count] = place;
                locations[count++] = location.get();
            }
        }
        if (count == 0) {
            throw hasNone(file);
        }
        return new GeoPlaces(file, Arrays.copyOf(places, count), Arrays.copyOf(locations, count));
    }

    /**
     * Looks at the first records of the file, whether it is of the right kind.
     *
     * @return the file, if it is
     * @throws IOException when a record is broken, or none of them has a location
     */
    static GeoFile probe(GeoFile file) throws IOException {
        PlaceTable first = new PlaceTable();
        file.places(place -> {
            first.put(place, 0);
            return first.size() < PROBED_MAX;
        });
        for (int place : first.places()) {
            if (file.location(place).isPresent()) {
                return file;
            }
        }
        throw hasNone(file);
    }

    private static IOException hasNone(GeoFile file) {
        return new IOException("its type, " + file.type() + ", has no locations; one of cities is needed");
    }

    private static int[] distinct(GeoFile file) {
        PlaceTable seen = new PlaceTable();
        file.places(place -> {
            seen.put(place, 0);
            return true;
        });
        int[] places = seen.places();
        Arrays.sort(places);
        return places;
    }

    GeoFile file() {
        return file;
    }

    int size() {
        return places.length;
    }

    /** The record's place in the file. */
    int place(int index) {
        return places[index];
    }

    Location location(int index) {
        return locations[index];
    }
}
