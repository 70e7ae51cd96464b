package io.tanja.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The module rules of docs/ARCHITECTURE.md, over the classes of all modules. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tanja");

    @Test
    void theClassesAreThere() {
        assertThat(CLASSES.size()).isGreaterThan(500);
    }

    @Test
    void theModelIsPure() {
        noClasses()
                .that()
                .resideInAPackage("io.tanja.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..",
                        "io.grpc..",
                        "com.google.protobuf..",
                        "java.nio.file..",
                        "java.net.http..",
                        "org.slf4j..",
                        "io.tanja.pki..",
                        "io.tanja.xds..",
                        "io.tanja.proxy..",
                        "io.tanja.control..",
                        "io.tanja.lab..",
                        "io.tanja.install..",
                        "io.tanja.diagnose..")
                .check(CLASSES);
    }

    @Test
    void thePlanesDoNotSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.tanja.proxy..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tanja.control..", "io.tanja.lab..", "io.tanja.install..", "io.grpc..", "ch.qos.logback..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.tanja.control..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tanja.proxy..", "io.tanja.lab..", "io.tanja.install..")
                .check(CLASSES);
    }

    @Test
    void onlyThePkiSeesBouncyCastle() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tanja.pki..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(CLASSES);
    }

    @Test
    void theLowerModulesDoNotSeeTheUpper() {
        noClasses()
                .that()
                .resideInAPackage("io.tanja.pki..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tanja.xds..",
                        "io.tanja.proxy..",
                        "io.tanja.control..",
                        "io.tanja.lab..",
                        "io.tanja.install..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.tanja.xds..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tanja.proxy..", "io.tanja.control..", "io.tanja.lab..", "io.tanja.install..")
                .check(CLASSES);
    }

    @Test
    void installationAndLabDoNotSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.tanja.install..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tanja.lab..", "io.tanja.cli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.tanja.lab..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tanja.install..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineSeesTheDiagnosis() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tanja.diagnose..", "io.tanja.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tanja.diagnose..")
                .check(CLASSES);
    }

    @Test
    void theDiagnosisSeesOfTheLabOnlyTheProofAndOfTheProxyNothing() {
        noClasses()
                .that()
                .resideInAPackage("io.tanja.diagnose..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.tanja.lab..").and(not(resideInAPackage("io.tanja.lab.proof.."))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.tanja.diagnose..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tanja.proxy..", "io.tanja.cli..", "info.picocli..")
                .check(CLASSES);
    }
}
