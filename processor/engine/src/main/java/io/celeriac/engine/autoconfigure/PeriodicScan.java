package io.celeriac.engine.autoconfigure;

import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.engine.PeriodicTask;
import io.celeriac.engine.TaskHandler;
import io.celeriac.engine.periodic.PeriodicTasks;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Finds the {@link PeriodicTask}s on the handlers of all beans. */
final class PeriodicScan {

    private static final MetadataLookup<@Nullable Set<PeriodicTask>> MARKED = method -> {
        var found = AnnotatedElementUtils.findMergedRepeatableAnnotations(method, PeriodicTask.class);
        return found.isEmpty() ? null : found;
    };

    private PeriodicScan() {}

    /**
     * @throws IllegalArgumentException naming the method and what is wrong
     */
    static List<Declared> scan(ListableBeanFactory beans, String defaultQueue, UnaryOperator<String> placeholders) {
        var all = new PeriodicTasks(defaultQueue, placeholders);
        HandlerScan.types(beans)
                .values()
                .forEach(type -> MethodIntrospector.selectMethods(type, MARKED)
                        .forEach((method, periodic) -> all.add(
                                method,
                                AnnotatedElementUtils.findMergedAnnotation(method, TaskHandler.class),
                                periodic)));
        return all.declared();
    }
}
