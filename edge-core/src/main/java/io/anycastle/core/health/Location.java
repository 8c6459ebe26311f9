package io.anycastle.core.health;

/**
 * A place on earth.
 *
 * @param latitude degrees, -90 to 90, north positive
 * @param longitude degrees, -180 to 180, east positive
 */
public record Location(double latitude, double longitude) {
    private static final double EARTH_RADIUS_KM = 6371;

    public Location {
        if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
            throw new IllegalArgumentException("not a place on earth: " + latitude + "," + longitude);
        }
    }

    /** Along the surface, in kilometres (haversine formula). */
    public double kilometresTo(Location other) {
        double northward = Math.toRadians(other.latitude - latitude) / 2;
        double eastward = Math.toRadians(other.longitude - longitude) / 2;
        double a = Math.pow(Math.sin(northward), 2)
                + Math.cos(Math.toRadians(latitude))
                        * Math.cos(Math.toRadians(other.latitude))
                        * Math.pow(Math.sin(eastward), 2);
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
    }
}
