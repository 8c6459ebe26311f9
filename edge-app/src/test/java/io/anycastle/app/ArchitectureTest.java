package io.anycastle.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The arrows between the modules, and the words that no type is named with. */
@AnalyzeClasses(packages = "io.anycastle", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String STORE = "io.anycastle.core.store";

    @ArchTest
    static final ArchRule arrows_point_down_and_dns_and_proxy_never_see_each_other = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("app")
            .definedBy("io.anycastle.app..")
            .layer("dns")
            .definedBy("io.anycastle.dns..")
            .layer("proxy")
            .definedBy("io.anycastle.proxy..")
            .layer("core")
            .definedBy("io.anycastle.core..")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("dns")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("proxy")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("core")
            .mayOnlyBeAccessedByLayers("app", "dns", "proxy");

    @ArchTest
    static final ArchRule the_core_knows_no_vertx = noClasses()
            .that()
            .resideInAPackage("io.anycastle.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule micrometer_stays_in_the_metrics = noClasses()
            .that()
            .resideOutsideOfPackage("io.anycastle.app.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule configuration_does_not_know_what_it_configures_in_the_app = noClasses()
            .that()
            .resideInAPackage("io.anycastle.app.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.anycastle.app.api..", "io.anycastle.app.cli..", "io.anycastle.app.lifecycle..");

    /** The rooms of the store from the top floor down: each uses those below it alone. */
    private static final List<String> STORE_ROOMS = List.of(
            "",
            ".backup",
            ".duties",
            ".clients",
            ".merge",
            ".write",
            ".cluster",
            ".journal",
            ".plan",
            ".state",
            ".change");

    @ArchTest
    static void no_arrow_between_the_rooms_of_the_store_runs_up(JavaClasses classes) {
        for (int room = 1; room < STORE_ROOMS.size(); room++) {
            String[] above = STORE_ROOMS.subList(0, room).stream()
                    .map(ArchitectureTest::room)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(room(STORE_ROOMS.get(room)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(classes);
        }
    }

    @ArchTest
    static void each_room_of_the_store_is_on_a_floor(JavaClasses classes) {
        String[] known = STORE_ROOMS.stream().map(ArchitectureTest::room).toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(STORE + "..")
                .should()
                .resideInAnyPackage(known)
                .check(classes);
    }

    @ArchTest
    static final ArchRule other_modules_see_the_store_by_its_face_and_its_values = noClasses()
            .that()
            .resideOutsideOfPackage("io.anycastle.core..")
            .should()
            .dependOnClassesThat(resideInAPackage(STORE + "..")
                    .and(resideOutsideOfPackages(STORE, STORE + ".change", STORE + ".state")));

    private static String room(String name) {
        return STORE + name;
    }

    @ArchTest
    static void a_simple_name_stands_once(JavaClasses classes) {
        Map<String, List<String>> byName = new TreeMap<>();
        classes.stream()
                .filter(type -> type.getEnclosingClass().isEmpty()
                        && !type.getSimpleName().equals("package-info")
                        && !type.getName().contains("$"))
                .forEach(type -> byName.computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>())
                        .add(type.getName()));
        byName.values().removeIf(names -> names.size() == 1);
        assertThat(byName).isEmpty();
    }

    @ArchTest
    static final ArchRule types_are_named_by_what_they_are =
            classes().should().haveNameNotMatching(".*(Impl|Manager|Helper|Util|Utils)(\\$.*)?");
}
