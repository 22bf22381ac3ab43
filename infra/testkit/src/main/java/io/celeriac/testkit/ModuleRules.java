package io.celeriac.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which module may use which. To be run once, where the classes of all modules are on the class path. A module is a
 * base package, {@code io.celeriac.<module>}; infra depends on all, and nothing on infra.
 */
public final class ModuleRules {

    private static final String BASE = "io.celeriac.";

    /** What a module may use beside itself; to be read together with the picture in the README. */
    private static final Map<String, Set<String>> MAY_USE = mayUse();

    @ArchTest
    public static final ArchRule MODULES_USE_ONLY_THOSE_BELOW = classes()
            .should(useOnlyTheModulesBelowTheirs())
            .because("the arrows run one way, so that a service embeds the client without the gateway,"
                    + " and each program can be replaced alone")
            .allowEmptyShould(false);

    private ModuleRules() {}

    private static Map<String, Set<String>> mayUse() {
        var modules = new HashMap<String, Set<String>>();
        modules.put("contract", Set.of());
        modules.put("client", Set.of("contract"));
        modules.put("engine", Set.of("contract"));
        modules.put("test", Set.of("contract", "client", "engine", "workflow"));
        modules.put("workflow", Set.of("contract", "engine"));
        modules.put("results", Set.of("contract"));
        modules.put("schedule", Set.of("contract"));
        modules.put("web", Set.of("contract", "client"));
        modules.put("access", Set.of("contract", "client", "web"));
        modules.put("gateway", Set.of("contract", "client", "web"));
        modules.put("resultsweb", Set.of("contract", "client", "web", "results"));
        modules.put("controlweb", Set.of("contract", "client", "web"));
        modules.put("scheduleweb", Set.of("contract", "client", "web", "schedule"));
        modules.put("djangoimport", Set.of("contract", "schedule"));
        modules.put("worker", Set.of("contract", "engine", "workflow", "results"));
        modules.put("beat", Set.of("contract", "client", "results", "schedule", "djangoimport"));
        Set<String> product = Set.copyOf(modules.keySet());
        modules.put("embedded", Set.of());
        modules.put("testkit", Set.of("embedded"));
        modules.put("local", plus(product, "embedded"));
        modules.put("e2e", plus(product, "embedded", "local", "testkit"));
        modules.put("bench", plus(product, "embedded", "local", "testkit"));
        return Map.copyOf(modules);
    }

    private static Set<String> plus(Set<String> modules, String... more) {
        var all = new HashSet<>(modules);
        all.addAll(Set.of(more));
        return Set.copyOf(all);
    }

    private static ArchCondition<JavaClass> useOnlyTheModulesBelowTheirs() {
        return new ArchCondition<>("use only the modules below theirs") {
            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                String module = module(javaClass).orElse("");
                Set<String> below = MAY_USE.get(module);
                if (below == null) {
                    events.add(SimpleConditionEvent.violated(
                            javaClass, javaClass.getName() + " is in no module of " + MAY_USE.keySet()));
                    return;
                }
                javaClass.getDirectDependenciesFromSelf().forEach(dependency -> {
                    Optional<String> used = module(dependency.getTargetClass());
                    if (used.isPresent() && !used.get().equals(module) && !below.contains(used.get())) {
                        events.add(SimpleConditionEvent.violated(
                                dependency,
                                module + " may not use " + used.get() + ": " + dependency.getDescription()));
                    }
                });
            }
        };
    }

    /** Empty for a class that is not ours. */
    private static Optional<String> module(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        if (!name.startsWith(BASE)) {
            return Optional.empty();
        }
        int end = name.indexOf('.', BASE.length());
        return Optional.of(name.substring(BASE.length(), end < 0 ? name.length() : end));
    }
}
