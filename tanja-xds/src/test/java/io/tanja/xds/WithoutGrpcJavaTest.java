package io.tanja.xds;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The proxy has no grpc-java on its class path (docs/adr/0002): its half of this module must not refer to it. */
class WithoutGrpcJavaTest {
    @Test
    void theClientsHalfDoesNotReferToGrpcJava() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(
                        "io.tanja.xds.codec", "io.tanja.xds.grpc", "io.tanja.xds.ads.client", "io.tanja.xds.ca");
        assertThat(classes).hasSizeGreaterThan(30);
        noClasses()
                .that()
                .resideOutsideOfPackage("..server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "com.google.common..")
                .check(classes);
    }
}
