package org.oicbridge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/** Holds the package table of docs/architecture.md. */
@AnalyzeClasses(packages = "org.oicbridge", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchRule crudn = mayUse("crudn");
  @ArchTest static final ArchRule config = mayUse("config", "crudn");
  @ArchTest static final ArchRule bus = mayUse("bus", "crudn", "config");
  @ArchTest static final ArchRule routing = mayUse("routing", "crudn", "config", "bus");
  @ArchTest static final ArchRule xmpp = mayUse("xmpp", "crudn", "config", "bus");
  @ArchTest static final ArchRule envelope = mayUse("envelope", "crudn");
  @ArchTest static final ArchRule ibb = mayUse("ibb", "crudn", "config", "bus", "envelope");
  @ArchTest static final ArchRule coap = mayUse("coap", "crudn", "config", "bus");
  @ArchTest static final ArchRule http = mayUse("http", "crudn", "config", "bus");
  @ArchTest static final ArchRule store = mayUse("store", "crudn", "config");
  @ArchTest static final ArchRule hosting = mayUse("hosting", "crudn", "config", "bus", "store");
  @ArchTest static final ArchRule oic = mayUse("oic", "crudn", "config", "bus");
  @ArchTest static final ArchRule doctor = mayUse("doctor", "crudn", "config", "xmpp");
  @ArchTest static final ArchRule ops = mayUse("ops");
  @ArchTest static final ArchRule sandbox = mayUse("sandbox", "crudn", "config", "xmpp");

  @ArchTest
  static final ArchRule californium =
      onlyIn(List.of("coap", "sandbox"), "org.eclipse.californium..");

  @ArchTest
  static final ArchRule xmlParser =
      onlyIn(List.of("xmpp", "envelope", "sandbox"), "com.fasterxml.aalto..", "javax.xml.stream..");

  @ArchTest static final ArchRule vertxWeb = onlyIn(List.of("http"), "io.vertx.ext.web..");
  @ArchTest static final ArchRule sql = onlyIn(List.of("store"), "java.sql..");

  @ArchTest
  static final ArchRule cycles = slices().matching("org.oicbridge.(*)..").should().beFreeOfCycles();

  private static ArchRule mayUse(String name, String... others) {
    List<String> allowed = new ArrayList<>(List.of(inside(name)));
    for (String other : others) {
      allowed.add(inside(other));
    }
    return noClasses()
        .that()
        .resideInAPackage(inside(name))
        .should()
        .dependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "other packages of the gateway",
                target ->
                    target.getPackageName().startsWith("org.oicbridge")
                        && allowed.stream()
                            .map(p -> p.substring(0, p.length() - 2))
                            .noneMatch(
                                p ->
                                    target.getPackageName().equals(p)
                                        || target.getPackageName().startsWith(p + "."))));
  }

  private static ArchRule onlyIn(List<String> names, String... libraries) {
    return classes()
        .that()
        .resideOutsideOfPackages(
            names.stream().map(ArchitectureTest::inside).toArray(String[]::new))
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(libraries);
  }

  private static String inside(String name) {
    return "org.oicbridge." + name + "..";
  }
}
