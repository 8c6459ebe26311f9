package io.anycastle.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules, and the words that no type is named with. */
@AnalyzeClasses(packages = "io.anycastle", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
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

    @ArchTest
    static final ArchRule types_are_named_by_what_they_are =
            classes().should().haveNameNotMatching(".*(Impl|Manager|Helper|Util|Utils)(\\$.*)?");
}
