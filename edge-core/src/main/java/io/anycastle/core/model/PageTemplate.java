package io.anycastle.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of HTML that holds places, written {@code ::RAY_ID::}, for what is known of one request. Immutable. */
public final class PageTemplate {
    private static final Pattern PLACE = Pattern.compile("::([A-Z][A-Z0-9_]*)::");

    /** What can be put into a page. */
    @SuppressWarnings("ImmutableEnumChecker") // the lists are copies that nobody changes
    public enum Place {
        /** The error itself, in a few lines of HTML. */
        ERROR_BOX("CLOUDFLARE_ERROR_500S_BOX", "CLOUDFLARE_ERROR_1000S_BOX"),
        RAY("RAY_ID"),
        /** The visitor's address. */
        CLIENT("CLIENT_IP"),
        /** The visitor's country by its two letters; XX where it is not known. */
        COUNTRY("GEO");

        private final List<String> words;

        Place(String... words) {
            this.words = List.of(words);
        }

        private static Optional<Place> named(String word) {
            return Arrays.stream(values())
                    .filter(place -> place.words.contains(word))
                    .findFirst();
        }
    }

    /** A piece of the page: a text, and the place behind it. */
    private record Part(String text, Optional<Place> place) {}

    private final List<Part> parts;

    private PageTemplate(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** What is written like a place and is none stays as it is. */
    public static PageTemplate of(String html) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PLACE.matcher(html);
        int from = 0;
        while (matcher.find()) {
            Optional<Place> place = Place.named(matcher.group(1));
            if (place.isPresent()) {
                parts.add(new Part(html.substring(from, matcher.start()), place));
                from = matcher.end();
            }
        }
        parts.add(new Part(html.substring(from), Optional.empty()));
        return new PageTemplate(parts);
    }

    /** The words in a page that are written like a place and are none, in their order. */
    public static Set<String> unknownIn(String html) {
        Set<String> unknown = new LinkedHashSet<>();
        Matcher matcher = PLACE.matcher(html);
        while (matcher.find()) {
            if (Place.named(matcher.group(1)).isEmpty()) {
                unknown.add(matcher.group());
            }
        }
        return unknown;
    }

    /** All places as they are written. */
    public static List<String> places() {
        return EnumSet.allOf(Place.class).stream()
                .flatMap(place -> place.words.stream())
                .map(word -> "::" + word + "::")
                .toList();
    }

    /** @param values what stands in each place, safe as HTML */
    public String filled(Function<Place, String> values) {
        StringBuilder page = new StringBuilder();
        for (Part part : parts) {
            page.append(part.text());
            part.place().ifPresent(place -> page.append(values.apply(place)));
        }
        return page.toString();
    }
}
