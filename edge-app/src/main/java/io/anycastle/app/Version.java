package io.anycastle.app;

/** Which version runs. */
public final class Version {
    /** As the archive's manifest says; {@code development} when run from classes. */
    public static final String TEXT = text();

    private Version() {}

    private static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
