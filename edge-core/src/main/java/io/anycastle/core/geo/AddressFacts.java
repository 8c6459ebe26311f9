package io.anycastle.core.geo;

/**
 * What GeoIP files say of an address.
 *
 * @param country two capital letters, {@link #NO_COUNTRY} when the files do not say, or empty when none of them is to say
 * @param asn the number of the autonomous system, 0 when the files do not say
 */
public record AddressFacts(String country, long asn) {
    /** As Cloudflare names it. */
    public static final String NO_COUNTRY = "XX";

    /** Where no file is asked. */
    public static final AddressFacts NONE = new AddressFacts("", 0);

    public boolean isCountryKnown() {
        return !country.isEmpty() && !country.equals(NO_COUNTRY);
    }
}
