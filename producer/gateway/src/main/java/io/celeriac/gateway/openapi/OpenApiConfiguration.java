package io.celeriac.gateway.openapi;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Schema;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Describes the API as a whole; the controllers describe themselves. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    static { // springdoc reads this before it creates any bean of the application, and keeps it in static fields
        SpringDocUtils.getConfig()
                .replaceWithClass(JsonNode.class, Object.class)
                .replaceWithSchema(TaskResult.class, new Schema<TaskResult>().$ref("#/components/schemas/TaskResult"));
    }

    @Bean
    OpenApiCustomizer contractSchemas() {
        return api -> {
            api.info(new Info()
                    .title("Celeriac")
                    .version("v1")
                    .description("Tasks, their results, schedules and dead letters. Errors are RFC 9457 problems."));
            var components = api.getComponents();
            ContractSchemas.load(TaskJson.class, "task.schema.json", "Task").forEach(components::addSchemas);
            ContractSchemas.load(TaskJson.class, "task-result.schema.json", "TaskResult")
                    .forEach(components::addSchemas);
            ContractSchemas.load(OpenApiConfiguration.class, "submission.schema.json", "Submission")
                    .forEach(components::addSchemas);
        };
    }
}
