using GrpoOperator.HelloOperator;
using GrpoOperator.KubeRuntime.Abstractions;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Hosting;
using Microsoft.Extensions.Hosting;

// A whole operator: for every Greeting it keeps a ConfigMap with the greeting's text, and says so in the Greeting's status.
//   kubectl apply -f greetings.yaml; dotnet run &
//   kubectl create -f - <<< '{"apiVersion":"hello.example.dev/v1","kind":"Greeting","metadata":{"name":"w"},"spec":{"name":"world"}}'
//   kubectl get greetings; kubectl delete configmap w-greeting; kubectl get configmap w-greeting
var builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddKubernetesOperator(settings =>
    {
        settings.Name = "hello-operator";
        settings.Json = HelloJson.Default;
    })
    .AddController<GreetingController, V1Greeting>(owns: ApiResources.ConfigMaps);
await builder.Build().RunAsync();
