/**
 * What the tests of the other modules share; in test scope only, never on a compile class path.
 *
 * <p>{@link io.celeriac.testkit.TestStack} is the broker and the database of a test run: one of each, started when first
 * asked for. Tests keep out of each other's way by names of their own: a topic and an application id each, and {@link
 * io.celeriac.testkit.TestStack#createDatabase()}. A test that breaks things takes its own {@link
 * io.celeriac.testkit.KafkaCluster} or {@link io.celeriac.testkit.DatabaseServer}. {@link
 * io.celeriac.testkit.MutableClock} is time that stands still. {@link io.celeriac.testkit.HouseRules} and {@link
 * io.celeriac.testkit.ModuleRules} hold the shape of the code.
 */
@NullMarked
package io.celeriac.testkit;

import org.jspecify.annotations.NullMarked;
