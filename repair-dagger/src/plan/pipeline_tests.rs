use super::*;
use repair_core::testing::Fixture;

fn plan(pipeline: Pipeline, files: &str) -> PipelinePlan {
    pipeline.plan(&Fixture::new(files).snapshot)
}

fn commands(plan: &PipelinePlan) -> Vec<&str> {
    plan.checks.iter().map(|check| check.command.as_str()).collect()
}

#[test]
fn each_category_and_each_name_has_a_pipeline() {
    for pipeline in Pipeline::ALL {
        assert_eq!(Pipeline::named(pipeline.name()), Some(pipeline));
    }
    assert_eq!(Pipeline::named("other"), None);
    assert_eq!(Pipeline::of(Category::TypeCheck), Pipeline::Quality);
    assert_eq!(Pipeline::of(Category::Coverage), Pipeline::Unit);
    assert_eq!(Pipeline::of(Category::IntegrationTest), Pipeline::Integration);
}

#[test]
fn unit_tests_leave_those_of_integration_out() {
    let files =
        "#- tests/integration/test_a.py\n\n#- pytest.ini\n[pytest]\nmarkers =\n    integration: needs a database\n";
    let plan = plan(Pipeline::Unit, files);
    assert_eq!(
        commands(&plan),
        [
            "python -m coverage run -m pytest --ignore=tests/integration -m 'not integration' && python -m coverage report"
        ]
    );
    assert_eq!(plan.steps.len(), 2);
    assert!(plan.steps.iter().all(|step| step.needs == Some(Vec::new())), "tools need nothing of the repository");
}

#[test]
fn coverage_is_measured_as_the_project_does_it() {
    let own = plan(Pipeline::Unit, "#- pyproject.toml\n[tool.pytest.ini_options]\naddopts = '--cov=x'\n");
    assert_eq!(commands(&own), ["python -m pytest"]);
    let django = plan(Pipeline::Unit, "#- manage.py\n\n");
    assert_eq!(commands(&django), ["python -m coverage run manage.py test && python -m coverage report"]);
}

#[test]
fn integration_tests_have_a_time_limit_and_the_services_of_compose() {
    let compose = "services:\n  db:\n    image: postgres:16\n    environment: [POSTGRES_PASSWORD=x, 'HOME=$HOME']\n    ports: ['5433:5432']\n  \
                   cache: {image: 'redis:7', environment: {A: 1}}\n  app: {build: .}\n";
    let plan = plan(Pipeline::Integration, &format!("#- tests/e2e/test_a.py\n\n#- docker-compose.yml\n{compose}"));
    assert_eq!(commands(&plan), ["python -m pytest tests/e2e"]);
    assert_eq!(plan.time_limit, Some(Duration::from_secs(900)));
    let [db, cache] = plan.services.as_slice() else { panic!("{:?}", plan.services) };
    assert_eq!((db.image.as_str(), db.ports.as_slice()), ("postgres:16", &[5432][..]));
    assert_eq!(db.environment, BTreeMap::from([("POSTGRES_PASSWORD".to_owned(), "x".to_owned())]));
    assert_eq!((cache.name.as_str(), cache.ports.as_slice()), ("cache", &[6379][..]));
    assert!(plan.notes[0].contains("`app` is missing"), "{:?}", plan.notes);
}

#[test]
fn documentation_is_built_with_what_the_project_has() {
    let sphinx = "#- docs/conf.py\n\n#- docs/Makefile\nSPHINXOPTS = -W\n#- docs/requirements.txt\nfuro\n";
    let sphinx = plan(Pipeline::Documentation, sphinx);
    assert_eq!(commands(&sphinx), ["python -m sphinx -b html -W --keep-going docs /tmp/site"]);
    assert_eq!(sphinx.steps[0].command, "python -m pip install -r docs/requirements.txt");
    assert_eq!(sphinx.steps[0].needs, Some(vec!["docs/requirements.txt".to_owned()]));
    assert_eq!(
        commands(&plan(Pipeline::Documentation, "#- mkdocs.yml\n\n"))[0],
        "python -m mkdocs build --strict --site-dir /tmp/site"
    );
}

#[test]
fn quality_is_what_the_project_configures() {
    let files = "#- pyproject.toml\n[tool.ruff]\n[tool.mypy]\n#- tests/test_a.py\n\n";
    let plan = plan(Pipeline::Quality, files);
    assert_eq!(commands(&plan), ["ruff check .", "mypy ."]);
    assert_eq!(plan.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), ["Install ruff", "Install mypy"]);
}

#[test]
fn security_looks_at_code_where_that_is_configured_and_at_dependencies_always() {
    assert_eq!(commands(&plan(Pipeline::Security, "#- a.py\n\n")), ["python -m pip_audit"]);
    let files = "#- pyproject.toml\n[tool.bandit]\n#- requirements.txt\nx\n";
    let plan = plan(Pipeline::Security, files);
    assert_eq!(
        commands(&plan),
        ["python -m bandit -q -c pyproject.toml -r .", "python -m pip_audit -r requirements.txt"]
    );
}

#[test]
fn what_a_project_has_not_is_said() {
    for pipeline in [Pipeline::Integration, Pipeline::Documentation, Pipeline::Quality] {
        let plan = plan(pipeline, "#- a.py\n\n");
        assert!(plan.checks.is_empty() && plan.notes.len() == 1, "{pipeline:?} {plan:?}");
    }
}

#[test]
fn an_environment_gets_what_the_checks_need_once() {
    let mut environment = Plan::new("python:3-slim");
    environment.services.push(plain("db", "postgres:15", BTreeMap::new(), Vec::new()));
    let files =
        "#- tests/e2e/test_a.py\n\n#- compose.yaml\nservices: {db: {image: 'postgres:16'}, q: {image: rabbitmq}}\n";
    plan(Pipeline::Integration, files).prepare(&mut environment);
    let images: Vec<&str> = environment.services.iter().map(|service| service.image.as_str()).collect();
    assert_eq!(images, ["postgres:15", "rabbitmq"]);
    assert_eq!(environment.steps.len(), 1);
}
