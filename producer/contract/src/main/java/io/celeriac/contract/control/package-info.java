/**
 * What passes between people and workers: commands on the control topic, live settings on the settings topic, and the workers'
 * heartbeats on the workers' topic.
 */
@NullMarked
package io.celeriac.contract.control;

import org.jspecify.annotations.NullMarked;
